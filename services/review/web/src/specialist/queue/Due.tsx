import { timestampDate } from "@bufbuild/protobuf/wkt";
import { useTranslation } from "react-i18next";
import { type Clock, ClockStage, ClockState } from "../../gen/samspil/common/v1/clock_pb";
import { dayAndTime, duration, relative } from "../../i18n/format";
import { Badge } from "../../ui/Badge";
import { useMinute } from "../../ui/now";
import { stageOf } from "../assessment/standing";

const kinds = {
  [ClockStage.SOON]: "warn",
  [ClockStage.DUE]: "warn",
  [ClockStage.OVERDUE]: "bad",
  [ClockStage.ESCALATED]: "bad",
} as const;

/** By when it is to be answered: how long until, or how long it is late. */
export function Due({ clock }: { clock: Clock | undefined }) {
  const { t } = useTranslation(["queue"]);
  const now = useMinute();
  if (!clock?.dueTime) return null;
  const due = timestampDate(clock.dueTime);
  const stage = stageOf(clock, now);
  const kind = clock.state === ClockState.RUNNING ? kinds[stage as keyof typeof kinds] : undefined;
  const text = () => {
    if (clock.state === ClockState.PAUSED) return t("due.paused");
    if (clock.state === ClockState.STOPPED) return t("due.stopped");
    const ms = now.getTime() - due.getTime();
    return ms > 0 ? t("due.over", { time: duration(ms) }) : relative(due, now);
  };
  return (
    <time dateTime={due.toISOString()} title={t("due.exact", { time: dayAndTime(due) })}>
      <Badge kind={kind}>{text()}</Badge>
    </time>
  );
}
