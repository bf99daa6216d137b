import { useTranslation } from "react-i18next";
import { AssessmentState, AssessmentStateSchema } from "../../gen/samspil/wound/v1/assessment_pb";
import { duration, timeOfDay } from "../../i18n/format";
import { term } from "../../i18n/terms";
import { usePerson } from "../../session/session";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { GridCell } from "../../ui/Grid";
import { useMinute } from "../../ui/now";
import { holdOf } from "../assessment/standing";
import type { HoldAct } from "../assessment/useHold";
import type { Row } from "./ledger";
import styles from "./Queue.module.css";

/** Who is on it and until when, and the way to take it or put it back. */
export function RowHold({
  row,
  pending,
  onAct,
}: {
  row: Row;
  pending: HoldAct | undefined;
  onAct: (act: HoldAct, row: Row) => void;
}) {
  const { t } = useTranslation(["queue"]);
  const person = usePerson();
  const now = useMinute();
  const { assessment } = row;
  const hold = holdOf(assessment, person.id, now);
  const free =
    assessment.state === AssessmentState.REQUESTED ||
    (assessment.state === AssessmentState.CLAIMED && hold.by === "nobody");
  return (
    <>
      <GridCell className={`${styles.cell} ${styles.state}`}>
        {pending ? (
          <Badge kind="info">{t(`pending.${pending}`)}</Badge>
        ) : hold.by === "me" ? (
          <>
            <Badge kind={hold.lapsed ? "warn" : "good"}>{t(hold.lapsed ? "hold.lapsed" : "hold.mine")}</Badge>
            {!hold.lapsed && (
              <small>{t("hold.left", { time: duration(hold.until.getTime() - now.getTime()) })}</small>
            )}
          </>
        ) : hold.by === "other" ? (
          <>
            <span>{hold.actor.displayName}</span>
            <small>{t("hold.until", { time: timeOfDay(hold.until) })}</small>
          </>
        ) : (
          <Badge kind={assessment.state === AssessmentState.AWAITING_MORE ? "warn" : undefined}>
            {term(AssessmentStateSchema, free ? AssessmentState.REQUESTED : assessment.state)}
          </Badge>
        )}
      </GridCell>
      <GridCell className={`${styles.cell} ${styles.act}`}>
        {free && (
          <Button small busy={pending !== undefined} tabIndex={-1} onClick={() => onAct("claim", row)}>
            {t("claim")}
          </Button>
        )}
        {hold.by === "me" && (
          <Button small busy={pending !== undefined} tabIndex={-1} onClick={() => onAct("release", row)}>
            {t("release")}
          </Button>
        )}
      </GridCell>
    </>
  );
}
