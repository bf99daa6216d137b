import { timestampDate } from "@bufbuild/protobuf/wkt";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { woundOf } from "../../api/names";
import { queries } from "../../api/queries";
import { useIntention } from "../../api/useIntention";
import { wounds } from "../../api/wounds";
import { type Answer, type Assessment, AssessmentState } from "../../gen/samspil/wound/v1/assessment_pb";
import { day, dayAndTime } from "../../i18n/format";
import { Button } from "../../ui/Button";
import { Failure, Notice } from "../../ui/Notice";
import { Organisation } from "../../ui/Organisation";
import { markOpened } from "./along";
import styles from "./Follow.module.css";

/** When the next photos are due where the specialist says nothing. */
const NEXT_PHOTO_DAYS = 14;

/** The specialist's answer, large enough to act on. */
export function AnswerCard({
  assessment,
  records,
  unread,
}: {
  assessment: Assessment;
  records: boolean;
  unread: boolean;
}) {
  const { t } = useTranslation("nurse");
  const client = useQueryClient();
  const read = useIntention(
    async ({ name, etag }: { name: string; etag: string }, requestId) => {
      // An answer that was amended after it had been read needs nothing but to be read again.
      if (assessment.state !== AssessmentState.CLOSED)
        await wounds.closeAssessment({ name, etag, requestId });
    },
    () => {
      markOpened(assessment.name);
      void client.invalidateQueries({ queryKey: queries.assessments(woundOf(assessment.name)).queryKey });
    },
  );
  const answer = assessment.answers.at(-1);
  if (!answer) return null;
  return (
    <section
      className={unread ? `${styles.card} ${styles.answer}` : styles.card}
      aria-label={t("answer.title")}
    >
      <div>
        <h4 className={styles.cardTitle}>
          {t(answer.version > 1 ? "answer.amendedTitle" : unread ? "answer.newTitle" : "answer.title")}
        </h4>
        <p className={styles.quiet}>
          {answer.signedBy?.displayName}
          {answer.signedBy?.organisation && (
            <>
              {", "}
              <Organisation name={answer.signedBy.organisation} />
            </>
          )}
          {" · "}
          {dayAndTime(answer.signTime)}
        </p>
      </div>
      {answer.callIn && (
        <Notice kind="bad">
          <strong>{t("answer.callIn")}</strong>
        </Notice>
      )}
      {answer.version > 1 && <p>{t("answer.amended", { reason: answer.amendReason })}</p>}
      <Body answer={answer} />
      <details className={styles.fold}>
        <summary>{t("answer.question")}</summary>
        <p className={styles.text}>{assessment.question}</p>
      </details>
      <Failure error={read.error} />
      {unread && records && (
        <Button
          kind="primary"
          wide
          busy={read.isPending}
          onClick={() => read.mutate({ name: assessment.name, etag: assessment.etag })}
        >
          {t("answer.read")}
        </Button>
      )}
    </section>
  );
}

function Body({ answer }: { answer: Answer }) {
  const { t } = useTranslation("nurse");
  const after = (days: number) =>
    answer.signTime && day(new Date(timestampDate(answer.signTime).getTime() + days * 86_400_000));
  return (
    <dl className={styles.facts}>
      {answer.diagnosis && (
        <>
          <dt>{t("answer.diagnosis")}</dt>
          <dd className={styles.large}>{answer.diagnosis.display || answer.diagnosis.code}</dd>
        </>
      )}
      <dt>{t("answer.findings")}</dt>
      <dd className={`${styles.text} ${styles.large}`}>{answer.findings}</dd>
      {answer.plan.length > 0 && (
        <>
          <dt>{t("answer.plan")}</dt>
          <dd>
            <ol className={styles.plan}>
              {answer.plan.map((line) => (
                <li key={`${line.text} ${line.dueDays}`} className={`${styles.text} ${styles.large}`}>
                  {line.text}
                  {line.dueDays > 0 && (
                    <span className={styles.quiet}> · {t("answer.by", { date: after(line.dueDays) })}</span>
                  )}
                </li>
              ))}
            </ol>
          </dd>
        </>
      )}
      <dt>{t("answer.nextPhoto")}</dt>
      <dd className={styles.large}>{t("answer.days", { count: answer.nextPhotoDays || NEXT_PHOTO_DAYS })}</dd>
    </dl>
  );
}
