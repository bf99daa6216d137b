import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { idOf } from "../../api/names";
import {
  type Assessment,
  AssessmentPriority,
  AssessmentPrioritySchema,
  AssessmentState,
  AssessmentStateSchema,
} from "../../gen/samspil/wound/v1/assessment_pb";
import { dayAndTime } from "../../i18n/format";
import { term } from "../../i18n/terms";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { useOrganisation } from "../../ui/Organisation";
import { When } from "../../ui/When";
import { ClockLine } from "./ClockLine";
import { isOpen } from "./chosen";
import styles from "./Questions.module.css";

/** The question that is looked at, with its clock, and the way to the other open ones. */
export function Questions({
  assessments,
  shown,
}: {
  assessments: readonly Assessment[];
  shown: Assessment | undefined;
}) {
  const { t } = useTranslation("case");
  const [, setParams] = useSearchParams();
  const others = assessments.filter((one) => isOpen(one) && one !== shown);
  return (
    <>
      {shown && isOpen(shown) ? <Question assessment={shown} /> : <p>{t("question.none")}</p>}
      {others.length > 0 && (
        <div className={styles.others}>
          <p>{t("question.others", { count: others.length })}</p>
          {others.map((one) => (
            <Button
              small
              key={one.name}
              onClick={() =>
                setParams((before) => ({ ...Object.fromEntries(before), assessment: idOf(one.name) }))
              }
            >
              <span className={styles.words}>{one.question}</span>
            </Button>
          ))}
        </div>
      )}
    </>
  );
}

function Question({ assessment }: { assessment: Assessment }) {
  const { t } = useTranslation("case");
  const { requestedBy } = assessment;
  const organisation = useOrganisation(requestedBy?.organisation ?? "");
  const open = assessment.moreRequests.filter((more) => !more.supplyTime);
  return (
    <div className={styles.question}>
      <p className={styles.line}>
        {assessment.priority === AssessmentPriority.URGENT && (
          <Badge kind="bad">{term(AssessmentPrioritySchema, assessment.priority)}</Badge>
        )}
        {assessment.secondOpinionOf && <Badge kind="info">{t("question.secondOpinion")}</Badge>}
        <Badge kind={assessment.state === AssessmentState.AWAITING_MORE ? "warn" : undefined}>
          {term(AssessmentStateSchema, assessment.state)}
        </Badge>
        <ClockLine clock={assessment.clock} />
      </p>
      <p className={styles.who}>
        {t("question.asks", { name: requestedBy?.displayName, organisation })}{" "}
        <span title={dayAndTime(assessment.createTime)}>
          <When time={assessment.createTime} />
        </span>
        :
      </p>
      <p className={styles.words}>{assessment.question}</p>
      {open.map((more) => (
        <p key={more.question} className={styles.more}>
          <strong>{t("question.awaits")}</strong> {more.question}
        </p>
      ))}
    </div>
  );
}
