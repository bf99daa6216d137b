import { useTranslation } from "react-i18next";
import type { Assessment } from "../../gen/samspil/wound/v1/assessment_pb";
import { dayAndTime } from "../../i18n/format";
import { AnswerView } from "./AnswerView";
import styles from "./Earlier.module.css";

/** The questions before this one, with their answers. */
export function Earlier({ assessments }: { assessments: readonly Assessment[] }) {
  const { t } = useTranslation("case");
  if (assessments.length === 0) return <p>{t("earlier.none")}</p>;
  return (
    <div className={styles.earlier}>
      {assessments.map((one, i) => (
        <details key={one.name} open={i === 0}>
          <summary>
            <span className={styles.when}>{dayAndTime(one.createTime)}</span>
            <span className={styles.question}>{one.question}</span>
          </summary>
          <AnswerView assessment={one} />
        </details>
      ))}
    </div>
  );
}
