import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { AssessmentState } from "../../src/gen/samspil/wound/v1/assessment_pb";
import { FlagKind, FlagState } from "../../src/gen/samspil/wound/v1/flag_pb";
import { WoundState } from "../../src/gen/samspil/wound/v1/wound_pb";
import { type WoundUpdate, WoundUpdateSchema } from "../../src/gen/samspil/wound/v1/wound_service_pb";
import {
  arrived,
  type Caseload,
  forgotten,
  isUnread,
  learnt,
  nothing,
  pack,
  settled,
  told,
  unpack,
} from "../../src/nurse/follow/caseload";
import { assessment, citizen, flag, OWN, patient, visit, wound, woundName } from "./make";

const one = woundName(1);
const two = woundName(2);
const question = `${one}/assessments/q`;

const full: Caseload = learnt(
  settled(nothing, {
    wounds: [wound(one), wound(two)],
    citizens: [citizen(1, "Anna"), citizen(2, "Bo")],
    flags: [flag(`${one}/flags/f`)],
    at: 5,
  }),
  one,
  [visit(`${one}/visits/v`, "2026-11-01T10:00:00Z")],
  [assessment(question, AssessmentState.REQUESTED)],
);

type Resource = WoundUpdate["resource"];
const update = (subject: string, resource: Resource, type = ""): WoundUpdate => ({
  ...create(WoundUpdateSchema, { cursor: "c9", subject, type }),
  resource,
});

describe("what the server says is open", () => {
  test("replaces what was known, and lets go of wounds that are not there any more", () => {
    const after = settled(
      { ...full, unopened: new Set([question]) },
      {
        wounds: [wound(two)],
        citizens: [citizen(2, "Bo")],
        flags: [],
        at: 9,
      },
    );
    expect([...after.wounds.keys()]).toEqual([two]);
    expect([...after.citizens.keys()]).toEqual([patient(2)]);
    expect(after.courses.size).toBe(0);
    expect(after.unopened.size).toBe(0);
    expect(after.at).toBe(9);
  });

  test("keeps the course of a wound that stays", () => {
    const after = settled(full, { wounds: [wound(one)], citizens: [], flags: [], at: 9 });
    expect(after.courses.get(one)?.assessments).toHaveLength(1);
  });
});

describe("a change that the stream tells", () => {
  test("puts a new state of a question in the place of the old one", () => {
    const value = assessment(question, AssessmentState.ANSWERED);
    const { after, stranger } = told(full, update(question, { case: "assessment", value }));
    expect(stranger).toBe(false);
    expect(after.courses.get(one)?.assessments.map(({ state }) => state)).toEqual([AssessmentState.ANSWERED]);
    expect(after.cursor).toBe("c9");
  });

  test("leaves second opinions out", () => {
    const value = assessment(`${one}/assessments/s`, AssessmentState.ANSWERED, { secondOpinionOf: question });
    const { after } = told(full, update(value.name, { case: "assessment", value }));
    expect(after.courses.get(one)?.assessments.map(({ name }) => name)).toEqual([question]);
  });

  test("keeps the later visit, in whatever order visits arrive", () => {
    const later = visit(`${one}/visits/w`, "2026-11-03T10:00:00Z");
    const earlier = visit(`${one}/visits/u`, "2026-10-03T10:00:00Z");
    const first = told(full, update(later.name, { case: "visit", value: later })).after;
    const both = told(first, update(earlier.name, { case: "visit", value: earlier })).after;
    expect(both.courses.get(one)?.visit?.name).toBe(later.name);
  });

  test("raises and clears flags", () => {
    const raised = flag(`${two}/flags/g`, FlagKind.NO_ANSWER);
    const with2 = told(full, update(raised.name, { case: "flag", value: raised })).after;
    expect(with2.flags.has(raised.name)).toBe(true);
    const cleared = flag(raised.name, FlagKind.NO_ANSWER, FlagState.CLEARED);
    const without = told(with2, update(raised.name, { case: "flag", value: cleared })).after;
    expect(without.flags.has(raised.name)).toBe(false);
  });

  test("takes a closed wound off the list, and asks for what it does not know", () => {
    const closed = wound(one, { state: WoundState.CLOSED });
    expect(told(full, update(one, { case: "wound", value: closed })).after.wounds.has(one)).toBe(false);
    const unknown = wound(woundName(3));
    expect(told(full, update(unknown.name, { case: "wound", value: unknown })).stranger).toBe(true);
    const elsewhere = visit(`${woundName(4)}/visits/v`, "2026-11-03T10:00:00Z");
    expect(told(full, update(elsewhere.name, { case: "visit", value: elsewhere })).stranger).toBe(true);
  });

  test("moves the cursor alone when there is nothing in it", () => {
    const { after } = told(full, create(WoundUpdateSchema, { cursor: "c1" }));
    expect({ ...after, cursor: "" }).toEqual({ ...full, cursor: "" });
    expect(after.cursor).toBe("c1");
  });
});

describe("an answer", () => {
  const answered = (type: string, more = {}) =>
    update(
      question,
      { case: "assessment", value: assessment(question, AssessmentState.ANSWERED, more) },
      `samspil.wound.v1.${type}`,
    );

  test("arrives for the organisation that asked, also when it is amended", () => {
    expect(arrived(answered("AssessmentAnswered"), OWN)?.name).toBe(question);
    expect(arrived(answered("AnswerAmended"), OWN)?.name).toBe(question);
  });

  test("does not arrive for anybody else, nor by anything else that happens to it", () => {
    expect(arrived(answered("AssessmentAnswered"), "organisations/2")).toBeUndefined();
    expect(arrived(answered("AssessmentAnswered", { secondOpinionOf: "x" }), OWN)).toBeUndefined();
    expect(arrived(answered("AssessmentClosed"), OWN)).toBeUndefined();
  });

  test("is unread until somebody has closed it, and again once it was amended", () => {
    const closed = assessment(question, AssessmentState.CLOSED);
    expect(isUnread(assessment(question, AssessmentState.ANSWERED), new Set())).toBe(true);
    expect(isUnread(closed, new Set())).toBe(false);
    expect(isUnread(closed, new Set([question]))).toBe(true);
  });
});

describe("what is taken along", () => {
  test("comes back as it was", () => {
    const all = { ...full, cursor: "c", unopened: new Set([question]) };
    expect(unpack(JSON.parse(JSON.stringify(pack(all))))).toEqual(all);
  });

  test("has nothing of a citizen who withdrew the consent", () => {
    const after = forgotten({ ...full, unopened: new Set([question]) }, patient(1));
    expect(JSON.stringify(pack(after))).not.toContain(`${patient(1)}"`);
    expect(JSON.stringify(pack(after))).not.toContain(one);
    expect([...after.wounds.keys()]).toEqual([two]);
  });
});
