import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Assessment } from "../../gen/samspil/wound/v1/assessment_pb";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import { AnswerForm } from "./AnswerForm";
import { fromAnswer, isEmpty } from "./draft";
import { NextCase } from "./NextCase";
import type { Drafting } from "./useDraft";

/** A signed answer: on to the next case, or make a better version of it. */
export function Amending({ assessment, drafting }: { assessment: Assessment; drafting: Drafting }) {
  const { t } = useTranslation(["answer"]);
  const [open, setOpen] = useState(false);
  const { draft, saver } = drafting;
  const latest = assessment.answers.at(-1);
  if (!latest) return null;
  const begun = !isEmpty(draft);
  if (!open) {
    const begin = () => {
      if (!begun) saver.change(fromAnswer(latest));
      setOpen(true);
    };
    return (
      <>
        {begun && <Notice kind="info">{t("amend.begun")}</Notice>}
        <NextCase after={assessment.name} />
        <Button small kind="quiet" onClick={begin}>
          {t(begun ? "amend.goOn" : "amend.open")}
        </Button>
      </>
    );
  }
  return (
    <>
      <h3>{t("amend.title")}</h3>
      <AnswerForm
        assessment={assessment}
        drafting={drafting}
        amending={latest}
        onSigned={() => setOpen(false)}
        actions={
          <Button
            small
            onClick={async () => {
              await saver.discard();
              setOpen(false);
            }}
          >
            {t("amend.discard")}
          </Button>
        }
      />
    </>
  );
}
