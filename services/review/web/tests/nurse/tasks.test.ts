import { describe, expect, test } from "vitest";
import { ClockStage, ClockState } from "../../src/gen/samspil/common/v1/clock_pb";
import { type Assessment, AssessmentState } from "../../src/gen/samspil/wound/v1/assessment_pb";
import { type Flag, FlagKind, FlagState } from "../../src/gen/samspil/wound/v1/flag_pb";
import type { Wound } from "../../src/gen/samspil/wound/v1/wound_pb";
import { learnt, nothing, settled } from "../../src/nurse/follow/caseload";
import { households, matches, tasksOf, unreadCount } from "../../src/nurse/follow/tasks";
import { assessment, at, citizen, flag, OWN, patient, wound, woundName } from "./make";

const answer = (more = {}) => ({
  answers: [{ findings: "f", signTime: at("2026-11-02T10:00:00Z"), ...more }],
});
const photos = (stage: ClockStage, state = ClockState.RUNNING) => ({
  photoClock: { state, stage, dueTime: at("2026-11-05T10:00:00Z") },
});
const kinds = (
  wound: Wound,
  assessments: Assessment[],
  flags: Flag[],
  { unopened = new Set<string>(), organisation = OWN } = {},
) => tasksOf({ wound, assessments, flags, unopened, organisation }).map(({ kind }) => kind);
const one = woundName(1);

describe("what there is to do about a wound", () => {
  test("is ordered by how pressing it is", () => {
    const all = [
      assessment(`${one}/assessments/a`, AssessmentState.REQUESTED),
      assessment(`${one}/assessments/b`, AssessmentState.AWAITING_MORE),
      assessment(`${one}/assessments/c`, AssessmentState.ANSWERED, answer()),
      assessment(`${one}/assessments/d`, AssessmentState.ANSWERED, answer({ callIn: true })),
      assessment(`${one}/assessments/e`, AssessmentState.CLOSED, answer()),
    ];
    const found = kinds(wound(one, photos(ClockStage.OVERDUE)), all, [flag(`${one}/flags/f`)]);
    expect(found).toEqual(["callIn", "answer", "more", "photosOverdue", "flag", "waiting"]);
  });

  test.each([
    [ClockStage.ON_TIME, []],
    [ClockStage.SOON, ["photosSoon"]],
    [ClockStage.DUE, ["photosToday"]],
    [ClockStage.OVERDUE, ["photosOverdue"]],
    [ClockStage.ESCALATED, ["photosOverdue"]],
  ])("follows the clock on photos at stage %s", (stage, expected) => {
    expect(kinds(wound(one, photos(stage)), [], [])).toEqual(expected);
  });

  test("is nothing while the clock stands still", () => {
    expect(kinds(wound(one, photos(ClockStage.OVERDUE, ClockState.PAUSED)), [], [])).toEqual([]);
  });

  test("leaves to others what others asked and photograph", () => {
    const theirs = assessment(`${one}/assessments/a`, AssessmentState.ANSWERED, answer());
    const waits = assessment(`${one}/assessments/b`, AssessmentState.REQUESTED);
    const other = { organisation: "organisations/2" };
    expect(
      kinds(wound(one, photos(ClockStage.OVERDUE)), [theirs, waits], [flag(`${one}/flags/f`)], other),
    ).toEqual(["flag", "waiting"]);
  });

  test("says nothing twice, and nothing of a flag that somebody took note of", () => {
    const flags = [
      flag(`${one}/flags/1`, FlagKind.NO_PHOTO),
      flag(`${one}/flags/2`, FlagKind.NOT_HEALING, FlagState.ACKNOWLEDGED),
    ];
    expect(kinds(wound(one), [], flags)).toEqual([]);
  });
});

describe("the list", () => {
  const base = settled(nothing, {
    wounds: [
      wound(woundName(1)),
      wound(woundName(2), photos(ClockStage.OVERDUE)),
      wound(woundName(3), photos(ClockStage.SOON)),
      wound(woundName(3, 2)),
    ],
    citizens: [citizen(1, "Anna"), citizen(2, "Bo"), citizen(3, "Carla")],
    flags: [],
    at: 1,
  });

  test("has each citizen once, those with something to do first", () => {
    const all = households(base, OWN);
    expect(all.map(({ patient: name, wounds, pressing }) => [name, wounds.length, pressing])).toEqual([
      [patient(2), 1, true],
      [patient(3), 2, false],
      [patient(1), 1, false],
    ]);
  });

  test("moves up whoever has an answer, and counts it", () => {
    const question = assessment(`${woundName(3, 2)}/assessments/a`, AssessmentState.ANSWERED, answer());
    const all = households(learnt(base, woundName(3, 2), [], [question]), OWN);
    expect(all[0]?.patient).toBe(patient(3));
    expect(all[0]?.wounds[0]?.wound.name).toBe(woundName(3, 2));
    expect(unreadCount(all)).toBe(1);
  });

  test("finds by every word, in name and wound", () => {
    const anna = households(base, OWN).find((one) => one.citizen?.displayName === "Anna");
    if (!anna) throw new Error("Anna is there");
    expect(matches(anna, "Tryksår · Hæl", "anna hæl")).toBe(true);
    expect(matches(anna, "Tryksår · Hæl", "anna tå")).toBe(false);
    expect(matches(anna, "", "")).toBe(true);
  });
});
