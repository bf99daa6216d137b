import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { queries } from "../../api/queries";
import { type Assessment, AssessmentStateSchema } from "../../gen/samspil/wound/v1/assessment_pb";
import type { Wound } from "../../gen/samspil/wound/v1/wound_pb";
import { dayAndTime } from "../../i18n/format";
import { term } from "../../i18n/terms";
import { Badge } from "../../ui/Badge";
import { Organisation } from "../../ui/Organisation";
import styles from "./Answer.module.css";
import { AnswerText } from "./AnswerText";
import { fromAnswer } from "./draft";

/** Second opinions that were asked for: where they stand, and what they say. Advice, no answer to the nurse. */
export function Advice({ assessment, wound }: { assessment: Assessment; wound: Wound }) {
  const { data = [] } = useQuery(queries.assessments(wound.name));
  const opinions = data.filter((one) => one.secondOpinionOf === assessment.name);
  return opinions.map((one) => <Opinion key={one.name} opinion={one} />);
}

function Opinion({ opinion }: { opinion: Assessment }) {
  const { t } = useTranslation(["answer", "queue"]);
  const answer = opinion.answers.at(-1);
  return (
    <details className={styles.advice} open={answer !== undefined}>
      <summary>
        {t("queue:secondOpinion")}: <Organisation name={opinion.receiver} />{" "}
        <Badge kind={answer ? "good" : "info"}>{term(AssessmentStateSchema, opinion.state)}</Badge>
      </summary>
      <p className={styles.text}>{opinion.question}</p>
      {answer && (
        <>
          <AnswerText answer={fromAnswer(answer)} signed={answer.signTime} />
          <p className={styles.signed}>
            {t("signed.by", { name: answer.signedBy?.displayName ?? "", time: dayAndTime(answer.signTime) })}
          </p>
        </>
      )}
    </details>
  );
}
