import { describe, expect, test } from "vitest";
import { missing, newForm, parse, toVisit } from "../src/nurse/visit/form";

const now = new Date("2026-11-22T10:00:00Z");
let ids = 0;
const empty = newForm("patients/p/wounds/w", now, () => `id-${++ids}`);
const what = (form = empty, blocking?: boolean) =>
  missing(form, now)
    .filter((one) => blocking === undefined || one.blocking === blocking)
    .map((one) => one.what);

describe("what is missing", () => {
  test("an empty form misses much, and needs no more than a word on the question", () => {
    expect(what()).toEqual(["photos", "size", "tissue", "exudate", "question"]);
    expect(what(empty, true)).toEqual(["question"]);
    expect(what({ ...empty, question: { ...empty.question, wanted: "none" } }, true)).toEqual([]);
  });

  test("a question needs its words and its receiver", () => {
    const asks = { ...empty, question: { ...empty.question, wanted: "ask" as const, text: "  " } };
    expect(what(asks, true)).toEqual(["questionText", "receiver"]);
  });

  test("what the server would refuse is needed to be put right", () => {
    const { findings } = empty;
    const bad = {
      ...empty,
      question: { ...empty.question, wanted: "none" as const },
      typed: { lengthMm: "4,2" },
      visitTime: "2026-11-22T11:00:00Z",
      findings: {
        ...findings,
        tissue: [
          { type: 1, percent: 60 },
          { type: 3, percent: 45 },
        ],
        undermining: [{ fromClock: 1, toClock: 3, lengthMm: 0 }],
      },
    };
    expect(what(bad, true)).toEqual(["numbers", "tissueSum", "clock", "visitTime"]);
    expect(what({ ...bad, visitTime: "" }, true)).toContain("visitTime");
  });

  test("what was asked for is answered by a word or a photo, and asks nothing itself", () => {
    const more = { ...empty, more: { assessment: "a", reply: "" } };
    expect(what(more)).toContain("reply");
    expect(what(more, true)).toEqual([]);
    expect(what({ ...more, more: { assessment: "a", reply: "her" } })).not.toContain("reply");
  });
});

test.each([
  ["", {}],
  [" 42 ", { value: 42 }],
  ["0", { value: 0 }],
  ["500", { value: 500 }],
  ["501", { typed: "501" }],
  ["4,2", { typed: "4,2" }],
  ["4.2", { typed: "4.2" }],
  ["-3", { typed: "-3" }],
  ["1e2", { typed: "1e2" }],
  ["42 mm", { typed: "42 mm" }],
])("%j is read as %j", (text, read) => {
  expect(parse(text, 500)).toEqual(read);
});

test("a form becomes one visit, however often it is asked to", () => {
  const asks = { ...empty, question: { wanted: "ask" as const, receiver: "r", priority: 2, text: " Why? " } };
  const visit = toVisit(asks, "", now);
  expect(toVisit(asks, "", now)).toEqual(visit);
  expect(visit.question).toMatchObject({ text: "Why?", receiver: "r", priority: 2 });
  expect(visit.id).toBe(asks.visitId);
  expect(toVisit({ ...asks, more: { assessment: "a", reply: "" } }, "", now).question).toBeUndefined();
});
