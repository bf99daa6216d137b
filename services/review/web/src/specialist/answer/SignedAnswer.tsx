import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Answer, Assessment } from "../../gen/samspil/wound/v1/assessment_pb";
import { dayAndTime } from "../../i18n/format";
import { Badge } from "../../ui/Badge";
import styles from "./Answer.module.css";
import { AnswerText } from "./AnswerText";
import { fromAnswer } from "./draft";

/** The answer that counts, and behind it every version before. */
export function SignedAnswer({ assessment }: { assessment: Assessment }) {
  const { t } = useTranslation(["answer"]);
  const versions = assessment.answers.toReversed();
  const [marked, setMarked] = useState(false);
  const [latest] = versions;
  if (!latest) return null;
  return (
    <>
      {versions.length > 1 && (
        <label className={styles.callIn}>
          <input type="checkbox" checked={marked} onChange={(event) => setMarked(event.target.checked)} />
          {t("versions.mark")}
        </label>
      )}
      <Version answer={latest} before={marked ? versions[1] : undefined} />
      {versions.length > 1 && (
        <details className={styles.versions}>
          <summary>{t("versions.title", { count: versions.length - 1 })}</summary>
          {versions.slice(1).map((answer, at) => (
            <Version
              key={answer.version}
              answer={answer}
              before={marked ? versions[at + 2] : undefined}
              old
            />
          ))}
        </details>
      )}
    </>
  );
}

function Version({ answer, before, old }: { answer: Answer; before: Answer | undefined; old?: boolean }) {
  const { t } = useTranslation(["answer"]);
  return (
    <article className={old ? `${styles.version} ${styles.old}` : styles.version}>
      {(old || answer.version > 1) && (
        <Badge kind={old ? "warn" : "good"}>
          {t(old ? "versions.old" : "versions.current", { version: answer.version })}
        </Badge>
      )}
      <AnswerText
        answer={fromAnswer(answer)}
        signed={answer.signTime}
        before={before && fromAnswer(before)}
      />
      {answer.amendReason && (
        <p>
          <strong>{t("amend.reason")}:</strong> {answer.amendReason}
        </p>
      )}
      <p className={styles.signed}>
        {t("signed.by", { name: answer.signedBy?.displayName ?? "", time: dayAndTime(answer.signTime) })}
      </p>
    </article>
  );
}
