import { create } from "@bufbuild/protobuf";
import { timestampFromDate, timestampMs } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { AssessmentSchema } from "../src/gen/samspil/wound/v1/assessment_pb";
import { MessageSchema } from "../src/gen/samspil/wound/v1/message_pb";
import { MeasureMethod, OutlineSchema } from "../src/gen/samspil/wound/v1/outline_pb";
import { PhotoSchema, PhotoState } from "../src/gen/samspil/wound/v1/photo_pb";
import { HealingSchema, ScoreSchema } from "../src/gen/samspil/wound/v1/score_pb";
import { type FindingsSchema, InfectionSign, VisitSchema } from "../src/gen/samspil/wound/v1/visit_pb";
import { age } from "../src/specialist/case/age";
import { type RowKey, rows } from "../src/specialist/case/findings";
import { put, putIf, putPhoto } from "../src/specialist/case/fresh";
import { areas, changeInPercent, columns, scoreLines } from "../src/specialist/case/healing";
import { thread } from "../src/specialist/case/thread";

type Init = Parameters<typeof create<typeof FindingsSchema>>[1];
const wound = "patients/p/wounds/w";
const at = (day: number) => timestampFromDate(new Date(Date.UTC(2026, 0, day)));
const visit = (id: string, findings: Init, day = 1) =>
  create(VisitSchema, { name: `${wound}/visits/${id}`, visitTime: at(day), findings });
const push = (id: string, total: number) =>
  create(ScoreSchema, {
    visit: `${wound}/visits/${id}`,
    input: { case: "push", value: {} },
    result: { instrument: "push", total, minimum: 0, maximum: 17 },
    observeTime: at(1),
  });
/** The newest visit's cell of a row; visits are given newest first. */
const newest = (key: RowKey, ...findings: Init[]) =>
  rows(
    findings.map((one, i) => visit(String(i), one)),
    [],
  ).find((row) => row.key === key)?.cells[0];

describe("what changed since the visit before", () => {
  test("a smaller area is better, a larger one worse, the same none", () => {
    const before = { lengthMm: 20, widthMm: 10 };
    expect(newest("area", { lengthMm: 20, widthMm: 8 }, before)?.change?.kind).toBe("better");
    expect(newest("area", { lengthMm: 22, widthMm: 10 }, before)?.change).toMatchObject({
      kind: "worse",
      by: 20,
    });
    expect(newest("area", before, before)?.change).toBeUndefined();
  });

  test("depth is never judged", () => {
    expect(newest("depth", { depthMm: 4 }, { depthMm: 9 })?.change).toEqual({ kind: "changed", by: -5 });
  });

  test("what was not assessed is compared with the nearest visit that has it", () => {
    const cell = newest("pain", { pain: 6 }, {}, { pain: 4 });
    expect(cell?.change).toEqual({ kind: "worse", by: 2 });
    expect(newest("pain", {}, { pain: 4 })).toEqual({ value: undefined, change: undefined });
  });

  test("pain of 0 is an assessment", () => {
    expect(newest("pain", { pain: 0 }, { pain: 3 })?.change).toEqual({ kind: "better", by: -3 });
  });

  test("signs of infection that only came are worse, only went better, both for a person to judge", () => {
    const { REDNESS, WARMTH, PUS } = InfectionSign;
    const signs = (...infectionSigns: InfectionSign[]) => ({ infectionSigns });
    expect(newest("infectionSigns", signs(REDNESS, PUS), signs(REDNESS))?.change).toEqual({
      kind: "worse",
      added: [PUS],
      gone: [],
    });
    expect(newest("infectionSigns", signs(REDNESS), signs(PUS, REDNESS))?.change?.kind).toBe("better");
    expect(newest("infectionSigns", signs(WARMTH), signs(PUS))?.change?.kind).toBe("changed");
    expect(newest("infectionSigns", signs(PUS, REDNESS), signs(REDNESS, PUS))?.change).toBeUndefined();
    expect(newest("infectionSigns", signs(REDNESS), {})?.change?.kind).toBe("worse");
  });

  test("a row that no visit says anything of is left out", () => {
    const keys = rows([visit("a", { pain: 1 })], []).map((row) => row.key);
    expect(keys).toEqual(["infectionSigns", "pain"]);
    expect(rows([create(VisitSchema, {})], [])).toEqual([]);
  });

  test("PUSH stands with its visit, the newest score of it", () => {
    const found = rows([visit("b", {}), visit("a", {})], [push("b", 9), push("b", 3), push("a", 11)]);
    expect(found[0]?.cells.map((cell) => cell.value)).toEqual([
      { kind: "amount", amount: 9 },
      { kind: "amount", amount: 11 },
    ]);
    expect(found[0]?.cells[0]?.change).toEqual({ kind: "better", by: -2 });
  });
});

describe("healing", () => {
  const healing = create(HealingSchema, {
    points: [
      { visitTime: at(1), areaMm2: 1000 },
      { visitTime: at(15), areaMm2: 800 },
    ],
    expectedReductionPermille: 400,
    expectedDays: 28,
  });

  test("the expected line runs from the first measured visit to the rule's day", () => {
    const { expected } = areas(healing, [], []);
    expect(expected).toEqual([
      { at: timestampMs(at(1)), value: 10 },
      { at: timestampMs(at(29)), value: 6 },
    ]);
  });

  test("no rule and no measure draw no expectation", () => {
    expect(areas(create(HealingSchema, { points: healing.points }), [], []).expected).toEqual([]);
    const rule = { expectedReductionPermille: 400, expectedDays: 28 };
    expect(areas(create(HealingSchema, rule), [], []).expected).toEqual([]);
  });

  test("of a visit's outlines the newest with a scale counts", () => {
    const outline = (visit: string, areaMm2?: number) =>
      create(OutlineSchema, { name: `${wound}/visits/${visit}/photos/f/outlines/o`, measures: { areaMm2 } });
    const visits = [visit("b", {}, 9), visit("a", {}, 2)];
    const drawn = [outline("b"), outline("b", 300), outline("b", 999), outline("a", 500), outline("gone", 1)];
    expect(areas(undefined, drawn, visits).byTwoPoints.map((point) => point.value)).toEqual([5, 3]);
  });

  test("outlines by the card and by two points are apart, and those by the card say how sure they are", () => {
    const name = (visit: string) => `${wound}/visits/${visit}/photos/f/outlines/o`;
    const method = MeasureMethod.MARKER;
    const byMarker = { areaMm2: 300, areaUncertaintyMm2: 6, method };
    const drawn = [
      create(OutlineSchema, { name: name("b"), measures: byMarker }),
      create(OutlineSchema, { name: name("a"), measures: { areaMm2: 500 } }),
    ];
    const found = areas(undefined, drawn, [visit("b", {}, 9), visit("a", {}, 2)]);
    expect(found.byMarker).toEqual([{ at: Date.UTC(2026, 0, 9), value: 3, margin: 0.12, method }]);
    expect(found.byTwoPoints).toMatchObject([{ value: 5 }]);
    expect(found.byTwoPoints[0]?.margin).toBeUndefined();
  });

  test("lines share one axis, with gaps", () => {
    const a = [
      { at: 1000, value: 1 },
      { at: 3000, value: 3 },
    ];
    expect(columns(a, [{ at: 2000, value: 9 }])).toEqual([
      [1, 2, 3],
      [1, null, 3],
      [null, 9, null],
    ]);
  });

  test("the change is told in per cent of the first, or not at all", () => {
    const points = areas(healing, [], []).measured;
    expect(changeInPercent(points)).toBe(-20);
    expect(changeInPercent(points.slice(0, 1))).toBeUndefined();
    expect(changeInPercent([{ at: 0, value: 0 }, ...points])).toBeUndefined();
  });

  test("each instrument has its own line in the order of time", () => {
    const later = { ...push("b", 8), observeTime: at(9) };
    expect(scoreLines([later, push("a", 10)])[0]?.points.map((point) => point.value)).toEqual([10, 8]);
  });
});

describe("the thread", () => {
  test("puts messages and exchanges in the order of time", () => {
    const assessment = create(AssessmentSchema, {
      name: `${wound}/assessments/a`,
      question: "q",
      createTime: at(2),
      moreRequests: [{ question: "more?", askTime: at(3), reply: "here", supplyTime: at(5) }],
      answers: [{ version: 1, findings: "f", signTime: at(6) }],
    });
    const messages = [4, 1].map((day) =>
      create(MessageSchema, { name: `m${day}`, text: "m", createTime: at(day) }),
    );
    expect(thread(messages, [assessment]).map((entry) => entry.kind)).toEqual([
      "message",
      "question",
      "asked",
      "message",
      "supplied",
      "answered",
    ]);
  });

  test("does not tell of what is not supplied yet", () => {
    const open = create(AssessmentSchema, { createTime: at(1), moreRequests: [{ askTime: at(2) }] });
    expect(thread([], [open]).map((entry) => entry.kind)).toEqual(["question", "asked"]);
  });
});

describe("what a stream tells", () => {
  test("takes the place of what was there, or stands first", () => {
    const list = [
      { name: "b", n: 1 },
      { name: "a", n: 1 },
    ];
    expect(put(list, { name: "a", n: 2 })).toEqual([
      { name: "b", n: 1 },
      { name: "a", n: 2 },
    ]);
    expect(put(list, { name: "c", n: 1 })[0]?.name).toBe("c");
    expect(putIf(list, { name: "b", n: 1 }, false).map((one) => one.name)).toEqual(["a"]);
  });

  test("a stored photo is missing no more, and one that is new joins its visit", () => {
    const photo = (id: string, state: PhotoState) =>
      create(PhotoSchema, { name: `${wound}/visits/v/photos/${id}`, state });
    const before = create(VisitSchema, {
      name: `${wound}/visits/v`,
      photos: [photo("1", PhotoState.ANNOUNCED)],
      missingPhotos: [`${wound}/visits/v/photos/1`],
    });
    const after = putPhoto([before], photo("1", PhotoState.STORED))[0];
    expect(after?.missingPhotos).toEqual([]);
    expect(after?.photos.map((one) => one.state)).toEqual([PhotoState.STORED]);
    expect(putPhoto([before], photo("2", PhotoState.ANNOUNCED))[0]?.photos.length).toBe(2);
  });
});

describe("age", () => {
  test("counts from the birthday on", () => {
    expect(age("1948-03-12", new Date(2026, 2, 11))).toBe(77);
    expect(age("1948-03-12", new Date(2026, 2, 12))).toBe(78);
    expect(age("", new Date())).toBeUndefined();
    expect(age("2048-03-12", new Date(2026, 0, 1))).toBeUndefined();
  });
});
