import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Assessment } from "../../gen/samspil/wound/v1/assessment_pb";
import { Button } from "../../ui/Button";
import type { Hold } from "../assessment/standing";
import type { Holding } from "../assessment/useHold";
import { AnswerForm } from "./AnswerForm";
import { AskMore } from "./AskMore";
import { Lease } from "./Lease";
import { SecondOpinion } from "./SecondOpinion";
import type { Drafting } from "./useDraft";

interface AnsweringProps {
  assessment: Assessment;
  hold: Extract<Hold, { by: "me" }>;
  holding: Holding;
  drafting: Drafting;
}

/** A claimed question: answer it, ask the nurse for more, or ask somebody else. */
export function Answering({ assessment, hold, holding, drafting }: AnsweringProps) {
  const { t } = useTranslation(["answer"]);
  const [asking, setAsking] = useState<"more" | "second">();
  const [more, setMore] = useState("");
  const [second, setSecond] = useState("");
  const close = () => setAsking(undefined);
  return (
    <>
      <Lease assessment={assessment} hold={hold} holding={holding} draft={drafting.draft} />
      <AnswerForm
        assessment={assessment}
        drafting={drafting}
        actions={
          <>
            <Button small onClick={() => setAsking("more")}>
              {t("more.open")}
            </Button>
            <Button small onClick={() => setAsking("second")}>
              {t("second.open")}
            </Button>
          </>
        }
      />
      {asking === "more" && <AskMore assessment={assessment} text={more} onText={setMore} onClose={close} />}
      {asking === "second" && (
        <SecondOpinion assessment={assessment} text={second} onText={setSecond} onClose={close} />
      )}
    </>
  );
}
