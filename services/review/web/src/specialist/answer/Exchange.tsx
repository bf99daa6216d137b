import { useTranslation } from "react-i18next";
import type { Assessment } from "../../gen/samspil/wound/v1/assessment_pb";
import { dayAndTime } from "../../i18n/format";
import styles from "./Answer.module.css";

/** What more was asked for, and what came. */
export function Exchange({ assessment }: { assessment: Assessment }) {
  const { t } = useTranslation(["answer"]);
  if (assessment.moreRequests.length === 0) return null;
  return (
    <ol className={styles.exchange}>
      {assessment.moreRequests.map((more, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they only grow
        <li key={at}>
          <p className={styles.signed}>
            {t("more.asked", { name: more.askedBy?.displayName ?? "", time: dayAndTime(more.askTime) })}
          </p>
          <p className={styles.text}>{more.question}</p>
          {more.supplyTime && (
            <p className={styles.text}>
              <strong>{t("more.supplied", { time: dayAndTime(more.supplyTime) })}</strong> {more.reply}
            </p>
          )}
        </li>
      ))}
    </ol>
  );
}
