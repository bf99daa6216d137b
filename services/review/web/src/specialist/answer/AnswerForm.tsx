import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { problem } from "../../api/errors";
import { wounds } from "../../api/wounds";
import { TextBlockPlace } from "../../gen/samspil/review/v1/review_service_pb";
import type { Answer, Assessment } from "../../gen/samspil/wound/v1/assessment_pb";
import { Button } from "../../ui/Button";
import { TextArea } from "../../ui/Field";
import { Notice } from "../../ui/Notice";
import { useChange } from "../assessment/useChange";
import styles from "./Answer.module.css";
import { DiagnosisField } from "./DiagnosisField";
import { append, type Draft, fromAnswer, missing, toAnswer } from "./draft";
import { fieldErrors } from "./fieldErrors";
import { NextPhotoField } from "./NextPhotoField";
import { PlanEditor } from "./PlanEditor";
import { SaveMark, SaveTrouble } from "./SaveMark";
import { SignDialog } from "./SignDialog";
import { TextBlocks } from "./TextBlocks";
import type { Drafting } from "./useDraft";

interface AnswerFormProps {
  assessment: Assessment;
  drafting: Drafting;
  /** The version to amend. */
  amending?: Answer | undefined;
  /** What else can be done, beside signing. */
  actions: ReactNode;
  onSigned?: () => void;
}

/** The answer while it is written. */
export function AnswerForm({ assessment, drafting, amending, actions, onSigned }: AnswerFormProps) {
  const { t } = useTranslation(["answer"]);
  const { draft, change, saver } = drafting;
  const [looking, setLooking] = useState(false);
  const [tried, setTried] = useState(false);
  const { name, etag } = assessment;

  const sign = useChange({
    name,
    make: (sent: Draft) => ({ name, etag, answer: toAnswer(sent), reason: sent.amendReason.trim() }),
    call: (request) => (amending ? wounds.amendAnswer(request) : wounds.answerAssessment(request)),
    // The server has thrown the draft away with the signature.
    onDone: () => void saver.done(),
  });
  const look = () => {
    setTried(true);
    sign.reset();
    if (missing(draft, amending !== undefined).length === 0) setLooking(true);
  };
  const onSign = async () => {
    await saver.hold();
    sign.mutate(draft, {
      onSuccess: () => {
        setLooking(false);
        onSigned?.();
      },
      onError: (error) => {
        saver.goOn();
        // Back to the fields that are wrong.
        if (Object.keys(problem(error).fields).length > 0) setLooking(false);
      },
    });
  };
  const errors = fieldErrors(sign.error ? problem(sign.error).fields : {}, sign.variables ?? draft);
  const needed = tried ? missing(draft, amending !== undefined) : [];
  const without = (field: "findings" | "amendReason") =>
    needed.includes(field) ? t(`needed.${field}`) : undefined;

  return (
    <form
      className={styles.form}
      aria-label={t(amending ? "amend.title" : "form.title")}
      onSubmit={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        look();
      }}
    >
      <SaveTrouble drafting={drafting} />
      {errors.other.length > 0 && <Notice kind="bad">{errors.other.join(" ")}</Notice>}
      <DiagnosisField
        value={draft.diagnosis}
        error={errors.diagnosis}
        onChange={(diagnosis) => change({ diagnosis })}
      />
      <div className={styles.withBlocks}>
        <TextBlocks
          place={TextBlockPlace.FINDINGS}
          text={draft.findings}
          onInsert={(block) => change({ findings: append(draft.findings, block.text) })}
        />
        <TextArea
          label={t("findings.label")}
          value={draft.findings}
          maxLength={10_000}
          error={without("findings") ?? errors.findings}
          onChange={(event) => change({ findings: event.target.value })}
        />
      </div>
      <PlanEditor plan={draft.plan} errors={errors.plan} onChange={(plan) => change({ plan })} />
      <NextPhotoField
        value={draft.nextPhotoDays}
        error={errors.nextPhotoDays}
        onChange={(nextPhotoDays) => change({ nextPhotoDays })}
      />
      <label className={styles.callIn}>
        <input
          type="checkbox"
          checked={draft.callIn}
          onChange={(event) => change({ callIn: event.target.checked })}
        />
        {t("callIn.label")}
      </label>
      {amending && (
        <TextArea
          label={t("amend.reason")}
          value={draft.amendReason}
          maxLength={2_000}
          rows={2}
          error={without("amendReason") ?? errors.amendReason}
          onChange={(event) => change({ amendReason: event.target.value })}
        />
      )}
      <div className={styles.actions}>
        {actions}
        <SaveMark drafting={drafting} />
        <Button kind="primary" onClick={look} aria-keyshortcuts="Control+Enter" title="Ctrl+Enter">
          {t("sign.look")}
        </Button>
      </div>
      {looking && (
        <SignDialog
          draft={draft}
          before={amending && fromAnswer(amending)}
          busy={sign.isPending}
          error={sign.error}
          onSign={onSign}
          onClose={() => setLooking(false)}
        />
      )}
    </form>
  );
}
