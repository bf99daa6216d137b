/** What an assessment's clock and claim say at a moment. */
import { type Timestamp, timestampDate } from "@bufbuild/protobuf/wkt";
import { type Clock, ClockStage, ClockState } from "../../gen/samspil/common/v1/clock_pb";
import type { Actor } from "../../gen/samspil/common/v1/common_pb";
import { type Assessment, AssessmentState } from "../../gen/samspil/wound/v1/assessment_pb";

/** How far a clock has come by now: what was read may be of an hour ago. A clock that does not run stays where it is. */
export function stageOf(clock: Clock | undefined, now: Date): ClockStage {
  if (!clock || clock.state !== ClockState.RUNNING) return clock?.stage ?? ClockStage.UNSPECIFIED;
  const steps: [Timestamp | undefined, ClockStage][] = [
    [clock.escalateTime, ClockStage.ESCALATED],
    [clock.dueTime, ClockStage.OVERDUE],
    [clock.dueDayTime, ClockStage.DUE],
    [clock.soonTime, ClockStage.SOON],
  ];
  const reached = steps.find(([time]) => time && timestampDate(time) <= now)?.[1] ?? ClockStage.ON_TIME;
  return Math.max(reached, clock.stage);
}

/** Whether the time has passed by which it was to be answered. */
export function isOverdue(clock: Clock | undefined, now: Date): boolean {
  return stageOf(clock, now) >= ClockStage.OVERDUE;
}

/** Who is on it. */
export type Hold =
  | { by: "nobody" }
  /** `lapsed`: the half hour is over; it stays one's own until another takes it. */
  | { by: "me"; until: Date; lapsed: boolean }
  | { by: "other"; actor: Actor; until: Date };

export function holdOf(assessment: Assessment, me: string, now: Date): Hold {
  const { claim } = assessment;
  if (assessment.state !== AssessmentState.CLAIMED || !claim?.holder) return { by: "nobody" };
  const until = claim.expireTime ? timestampDate(claim.expireTime) : now;
  if (claim.holder.person === me) return { by: "me", until, lapsed: until <= now };
  return until <= now ? { by: "nobody" } : { by: "other", actor: claim.holder, until };
}

/** Whether it waits for somebody to do something. */
export function isOpen(assessment: Assessment): boolean {
  return [AssessmentState.REQUESTED, AssessmentState.CLAIMED, AssessmentState.AWAITING_MORE].includes(
    assessment.state,
  );
}

/** Orders moments, to the microsecond that they have. Nothing comes before everything. */
export function compareTimes(a: Timestamp | undefined, b: Timestamp | undefined): number {
  const [x, y] = [a?.seconds ?? 0n, b?.seconds ?? 0n];
  if (x !== y) return x < y ? -1 : 1;
  return (a?.nanos ?? 0) - (b?.nanos ?? 0);
}
