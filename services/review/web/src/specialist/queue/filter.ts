/** Which part of the queue is looked at: in the address, in the server's request, and for changes that stream in. */
import { ClockStage } from "../../gen/samspil/common/v1/clock_pb";
import {
  type Assessment,
  AssessmentPriority,
  AssessmentState,
} from "../../gen/samspil/wound/v1/assessment_pb";
import { type Wound, WoundType } from "../../gen/samspil/wound/v1/wound_pb";
import { holdOf, isOpen, stageOf } from "../assessment/standing";

export interface QueueFilter {
  /** Every open one when not told. */
  state: AssessmentState;
  stage: ClockStage;
  /** `organisations/{sor}`, or empty. */
  requester: string;
  woundType: WoundType;
  priority: AssessmentPriority;
  mine: boolean;
}

export const everything: QueueFilter = {
  state: AssessmentState.UNSPECIFIED,
  stage: ClockStage.UNSPECIFIED,
  requester: "",
  woundType: WoundType.UNSPECIFIED,
  priority: AssessmentPriority.UNSPECIFIED,
  mine: false,
};

/** What an address says. What it says wrongly counts as not said. */
export function filterOf(address: URLSearchParams): QueueFilter {
  const number = (key: string, values: object) => {
    const value = Number(address.get(key) ?? 0);
    return value in values ? value : 0;
  };
  const sor = address.get("from") ?? "";
  return {
    state: number("state", AssessmentState),
    stage: number("stage", ClockStage),
    requester: /^[0-9]{11,18}$/.test(sor) ? `organisations/${sor}` : "",
    woundType: number("type", WoundType),
    priority: number("priority", AssessmentPriority),
    mine: address.get("mine") === "1",
  };
}

/** The address of a filter. Empty for everything. */
export function addressOf(filter: QueueFilter): URLSearchParams {
  const said: [string, string | number][] = [
    ["state", filter.state],
    ["stage", filter.stage],
    ["from", filter.requester.replace("organisations/", "")],
    ["type", filter.woundType],
    ["priority", filter.priority],
    ["mine", filter.mine ? 1 : 0],
  ];
  return new URLSearchParams(said.filter(([, value]) => value).map(([key, value]) => [key, String(value)]));
}

/** How many things are filtered by. */
export function filterCount(filter: QueueFilter): number {
  return addressOf(filter).size;
}

/** Whether an assessment belongs in what is looked at, by the server's rules. */
export function matches(
  filter: QueueFilter,
  assessment: Assessment,
  wound: Wound | undefined,
  me: string,
  now: Date,
): boolean {
  const hold = holdOf(assessment, me, now);
  return (
    (filter.state ? assessment.state === filter.state : isOpen(assessment)) &&
    (!filter.stage || stageOf(assessment.clock, now) >= filter.stage) &&
    (!filter.requester || assessment.requestedBy?.organisation === filter.requester) &&
    (!filter.woundType || wound?.type === filter.woundType) &&
    (!filter.priority || assessment.priority === filter.priority) &&
    (!filter.mine || (hold.by === "me" && !hold.lapsed))
  );
}
