import { useTranslation } from "react-i18next";
import { type Answer, type Assessment, AssessmentState } from "../../gen/samspil/wound/v1/assessment_pb";
import { dayAndTime } from "../../i18n/format";
import { Badge } from "../../ui/Badge";
import { useOrganisation } from "../../ui/Organisation";
import styles from "./AnswerView.module.css";

/** An answer as it was signed, its earlier versions beneath. `open`: they are all to be read at once, as on paper. */
export function AnswerView({ assessment, open = false }: { assessment: Assessment; open?: boolean }) {
  const { t } = useTranslation("case");
  const newest = assessment.answers.at(-1);
  const older = assessment.answers.slice(0, -1).reverse();
  if (!newest) {
    const closed = assessment.state === AssessmentState.CLOSED;
    return <p>{closed ? t("answer.closedWithout", { reason: assessment.closeReason }) : t("answer.none")}</p>;
  }
  return (
    <div className={styles.answer}>
      <Version answer={newest} only={older.length === 0} />
      {older.length > 0 && (
        <details open={open}>
          <summary>{t("answer.older", { count: older.length })}</summary>
          {older.map((answer) => (
            <Version key={answer.version} answer={answer} only={false} />
          ))}
        </details>
      )}
    </div>
  );
}

function Version({ answer, only }: { answer: Answer; only: boolean }) {
  const { t } = useTranslation("case");
  const organisation = useOrganisation(answer.signedBy?.organisation ?? "");
  const { diagnosis } = answer;
  return (
    <article className={styles.version}>
      {!only && <p className={styles.quiet}>{t("answer.version", { version: answer.version })}</p>}
      {answer.amendReason && <p>{t("answer.amended", { reason: answer.amendReason })}</p>}
      <dl>
        {diagnosis && (
          <>
            <dt>{t("answer.diagnosis")}</dt>
            <dd>
              {diagnosis.display} <span className={styles.quiet}>{diagnosis.code}</span>
            </dd>
          </>
        )}
        <dt>{t("answer.findings")}</dt>
        <dd className={styles.words}>{answer.findings}</dd>
        {answer.plan.length > 0 && (
          <>
            <dt>{t("answer.plan")}</dt>
            <dd>
              <ol>
                {answer.plan.map((line, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a signed plan never changes, and lines may be alike
                  <li key={i}>
                    {line.text}
                    {line.dueDays > 0 && ` (${t("answer.due", { count: line.dueDays })})`}
                  </li>
                ))}
              </ol>
            </dd>
          </>
        )}
      </dl>
      <p>
        {t("answer.nextPhoto", { count: answer.nextPhotoDays || 14 })}{" "}
        {answer.callIn && <Badge kind="bad">{t("answer.callIn")}</Badge>}
      </p>
      <p className={styles.quiet}>
        {t("answer.signed", {
          name: answer.signedBy?.displayName,
          organisation,
          time: dayAndTime(answer.signTime),
        })}
      </p>
    </article>
  );
}
