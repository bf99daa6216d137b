import { useTranslation } from "react-i18next";
import { ClockStage } from "../../gen/samspil/common/v1/clock_pb";
import { AssessmentState } from "../../gen/samspil/wound/v1/assessment_pb";
import { Button } from "../../ui/Button";
import { filterCount, type QueueFilter } from "./filter";
import styles from "./Queue.module.css";

/** In place of rows where there are none: what that means. */
export function Empty({ filter, onClear }: { filter: QueueFilter; onClear: () => void }) {
  const { t } = useTranslation(["queue"]);
  const count = filterCount(filter);
  return (
    <div className={styles.empty}>
      <p>{t(`empty.${meaning(filter, count)}`)}</p>
      {count > 0 && <Button onClick={onClear}>{t("filter.clear")}</Button>}
    </div>
  );
}

function meaning(filter: QueueFilter, count: number) {
  if (count === 0) return "all";
  if (count > 1) return "some";
  if (filter.mine) return "mine";
  if (filter.stage >= ClockStage.OVERDUE) return "overdue";
  if (filter.state === AssessmentState.REQUESTED) return "requested";
  if (filter.state === AssessmentState.AWAITING_MORE) return "awaiting";
  return "some";
}
