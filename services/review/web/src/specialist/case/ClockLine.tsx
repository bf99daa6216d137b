import { useTranslation } from "react-i18next";
import { type Clock, ClockStage, ClockStageSchema, ClockState } from "../../gen/samspil/common/v1/clock_pb";
import { dayAndTime } from "../../i18n/format";
import { term } from "../../i18n/terms";
import { Badge } from "../../ui/Badge";
import { When } from "../../ui/When";

const kinds: Partial<Record<ClockStage, "bad" | "warn">> = {
  [ClockStage.SOON]: "warn",
  [ClockStage.DUE]: "warn",
  [ClockStage.OVERDUE]: "bad",
  [ClockStage.ESCALATED]: "bad",
};

/** By when it is to be done, and how far that is. Nothing once the clock has stopped. */
export function ClockLine({ clock }: { clock: Clock | undefined }) {
  const { t } = useTranslation("case");
  if (!clock || clock.state === ClockState.STOPPED || clock.state === ClockState.UNSPECIFIED) return null;
  if (clock.state === ClockState.PAUSED) {
    const known = clock.stopReason === "AWAITING_MORE" || clock.stopReason === "ADMITTED";
    const reason = t(`clock.reason.${known ? (clock.stopReason as "ADMITTED") : "other"}`, {
      reason: clock.stopReason,
    });
    return <Badge>{t("clock.paused", { reason })}</Badge>;
  }
  return (
    <>
      <Badge kind={kinds[clock.stage]}>{term(ClockStageSchema, clock.stage)}</Badge>
      <span>
        {t("question.due", { time: dayAndTime(clock.dueTime) })} (<When time={clock.dueTime} />)
      </span>
    </>
  );
}
