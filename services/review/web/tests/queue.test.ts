import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { ClockSchema, ClockStage, ClockState } from "../src/gen/samspil/common/v1/clock_pb";
import {
  AssessmentPriority,
  AssessmentSchema,
  AssessmentState,
} from "../src/gen/samspil/wound/v1/assessment_pb";
import { WoundSchema, WoundType } from "../src/gen/samspil/wound/v1/wound_pb";
import { holdOf, stageOf } from "../src/specialist/assessment/standing";
import { activeAt, anchorOf, shift } from "../src/specialist/queue/anchor";
import { addressOf, everything, filterOf, matches } from "../src/specialist/queue/filter";
import { stepOf } from "../src/specialist/queue/steps";

const at = (time: string) => timestampFromDate(new Date(time));
const now = new Date("2026-11-23T10:00:00Z");

describe("a filter", () => {
  const filter = {
    state: AssessmentState.CLAIMED,
    stage: ClockStage.OVERDUE,
    requester: "organisations/990000000000766",
    woundType: WoundType.TS6_PRESSURE,
    priority: AssessmentPriority.URGENT,
    mine: true,
  };
  const assessment = create(AssessmentSchema, {
    state: AssessmentState.CLAIMED,
    priority: AssessmentPriority.URGENT,
    requestedBy: { organisation: "organisations/990000000000766" },
    claim: { holder: { person: "me" }, expireTime: at("2026-11-23T10:20:00Z") },
    clock: { state: ClockState.RUNNING, dueTime: at("2026-11-23T09:00:00Z") },
  });
  const wound = create(WoundSchema, { type: WoundType.TS6_PRESSURE });

  test("is found again in its address", () => {
    expect(filterOf(addressOf(filter))).toEqual(filter);
    expect(addressOf(everything).toString()).toBe("");
  });

  test("takes what an address says wrongly as not said", () => {
    const wrong = "state=99&stage=x&from=%3Cscript%3E&type=1.5&priority=-1&mine=yes";
    expect(filterOf(new URLSearchParams(wrong))).toEqual(everything);
  });

  test("matches what it says, each part of it", () => {
    expect(matches(filter, assessment, wound, "me", now)).toBe(true);
    expect(matches(filter, assessment, wound, "another", now)).toBe(false);
    expect(matches(filter, assessment, undefined, "me", now)).toBe(false);
    expect(matches(filter, assessment, wound, "me", new Date("2026-11-23T10:30:00Z"))).toBe(false);
    expect(matches(filter, assessment, wound, "me", new Date("2026-11-23T08:00:00Z"))).toBe(false);
    expect(
      matches({ ...filter, requester: "organisations/990000000000727" }, assessment, wound, "me", now),
    ).toBe(false);
  });

  test("means every open one without a state", () => {
    const answered = create(AssessmentSchema, { state: AssessmentState.ANSWERED });
    expect(matches(everything, answered, wound, "me", now)).toBe(false);
    expect(matches({ ...everything, state: AssessmentState.ANSWERED }, answered, wound, "me", now)).toBe(
      true,
    );
  });
});

describe("a clock", () => {
  const running = create(ClockSchema, {
    state: ClockState.RUNNING,
    stage: ClockStage.ON_TIME,
    soonTime: at("2026-11-23T08:00:00Z"),
    dueDayTime: at("2026-11-23T09:00:00Z"),
    dueTime: at("2026-11-23T15:00:00Z"),
    escalateTime: at("2026-11-24T15:00:00Z"),
  });
  test.each([
    ["2026-11-23T07:59:59Z", ClockStage.ON_TIME],
    ["2026-11-23T08:00:00Z", ClockStage.SOON],
    ["2026-11-23T14:59:59Z", ClockStage.DUE],
    ["2026-11-23T15:00:00Z", ClockStage.OVERDUE],
    ["2026-11-24T15:00:00Z", ClockStage.ESCALATED],
  ])("at %s has come to %i", (time, stage) => {
    expect(stageOf(running, new Date(time))).toBe(stage);
  });
  test("stays where it stands while it is paused", () => {
    const paused = { ...running, state: ClockState.PAUSED, stage: ClockStage.SOON };
    expect(stageOf(paused, new Date("2027-01-01T00:00:00Z"))).toBe(ClockStage.SOON);
  });
});

describe("a claim", () => {
  const claimed = create(AssessmentSchema, {
    state: AssessmentState.CLAIMED,
    claim: { holder: { person: "anna", displayName: "Anna" }, expireTime: at("2026-11-23T10:10:00Z") },
  });
  test("that has run out stands in nobody's way, but stays one's own", () => {
    const later = new Date("2026-11-23T10:10:00Z");
    expect(holdOf(claimed, "bo", now)).toMatchObject({ by: "other", actor: { displayName: "Anna" } });
    expect(holdOf(claimed, "bo", later)).toEqual({ by: "nobody" });
    expect(holdOf(claimed, "anna", now)).toMatchObject({ by: "me", lapsed: false });
    expect(holdOf(claimed, "anna", later)).toMatchObject({ by: "me", lapsed: true });
  });
});

describe("the view of the queue", () => {
  const names = ["a", "b", "c", "d", "e"];
  const seen = { names, pointed: undefined, active: undefined, first: 1, last: 3 };

  test("keeps still the row under the pointer, else the active one, else the first in sight", () => {
    expect(anchorOf({ ...seen, pointed: "c", active: "b" })).toBe("c");
    expect(anchorOf({ ...seen, pointed: "e", active: "b" })).toBe("b");
    expect(anchorOf({ ...seen, pointed: "e", active: "e" })).toBe("b");
  });

  test("lets new rows come in at the very top", () => {
    expect(anchorOf({ ...seen, first: 0, last: 2 })).toBeUndefined();
    expect(shift(undefined, names, ["x", ...names])).toBe(0);
  });

  test("moves with its anchor, and not at all when that is gone", () => {
    expect(shift("c", names, ["x", "y", ...names])).toBe(2);
    expect(shift("c", names, ["b", "c"])).toBe(-1);
    expect(shift("c", names, ["a", "b"])).toBe(0);
  });

  test("has the neighbour active when the active row leaves", () => {
    expect(activeAt(["a", "b", "d", "e"], "c", 2)).toBe(2);
    expect(activeAt(["a", "b"], "e", 4)).toBe(1);
    expect(activeAt([], "e", 4)).toBe(0);
    expect(activeAt(["x", ...names], "c", 2)).toBe(3);
  });

  test("goes by keys, no further than the ends", () => {
    expect(stepOf("j", 3, 10, 5)).toBe(4);
    expect(stepOf("ArrowDown", 4, 10, 5)).toBe(4);
    expect(stepOf("k", 0, 10, 5)).toBe(0);
    expect(stepOf("PageDown", 0, 3, 5)).toBe(3);
    expect(stepOf("End", 0, 3, 5)).toBe(4);
    expect(stepOf("x", 0, 3, 5)).toBeUndefined();
  });
});
