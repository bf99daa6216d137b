import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { AssessmentPriority, AssessmentSchema } from "../src/gen/samspil/wound/v1/assessment_pb";
import { WoundSchema } from "../src/gen/samspil/wound/v1/wound_pb";
import {
  beginReading,
  emptyLedger,
  endReading,
  type Ledger,
  takeChange,
  takePage,
} from "../src/specialist/queue/ledger";

const WOUND = "patients/p/wounds/w";

function assessment(id: string, due: number, changed = 1, urgent = false) {
  return create(AssessmentSchema, {
    name: `${WOUND}/assessments/${id}`,
    clock: { dueTime: timestampFromMs(due) },
    updateTime: timestampFromMs(changed),
    priority: urgent ? AssessmentPriority.URGENT : AssessmentPriority.ROUTINE,
  });
}

const ids = (ledger: Ledger) => ledger.rows.map((row) => row.assessment.name.split("/").pop());

describe("a queue's ledger", () => {
  const page = takePage(beginReading(emptyLedger), [assessment("b", 10), assessment("d", 30)], []);

  test("has the soonest due first, the urgent before the routine, then by id", () => {
    const all = [assessment("z", 5), assessment("y", 5), assessment("x", 9), assessment("u", 5, 1, true)];
    expect(ids(takePage(emptyLedger, all, []))).toEqual(["u", "y", "z", "x"]);
  });

  test("puts a change in its place between the pages", () => {
    const changed = takeChange(page, assessment("c", 20), undefined, true);
    expect(ids(changed)).toEqual(["b", "c", "d"]);
    expect(ids(endReading(changed))).toEqual(["b", "c", "d"]);
  });

  test("moves a row whose due time changes", () => {
    expect(ids(takeChange(page, assessment("b", 40, 2), undefined, true))).toEqual(["d", "b"]);
  });

  test("does not bring back by an older page what a change has taken away", () => {
    const left = takeChange(page, assessment("b", 10, 2), undefined, false);
    expect(ids(left)).toEqual(["d"]);
    expect(ids(takePage(left, [assessment("b", 10, 1)], []))).toEqual(["d"]);
    expect(ids(takePage(left, [assessment("b", 10, 3)], []))).toEqual(["b", "d"]);
  });

  test("takes a clock that went on without a change of the assessment", () => {
    expect(ids(takeChange(page, assessment("b", 99, 1), undefined, true))).toEqual(["d", "b"]);
  });

  test("drops what a whole new reading did not meet, and keeps what streamed in meanwhile", () => {
    const old = endReading(page);
    const reading = takePage(beginReading(old), [assessment("d", 30)], []);
    expect(ids(reading)).toEqual(["b", "d"]);
    const changed = takeChange(reading, assessment("e", 50), undefined, true);
    expect(ids(endReading(changed))).toEqual(["d", "e"]);
  });

  test("keeps a row's wound when a change comes without one", () => {
    const wound = create(WoundSchema, { name: WOUND });
    const known = takePage(emptyLedger, [assessment("a", 1)], [wound]);
    expect(takeChange(known, assessment("a", 1, 2), undefined, true).rows[0]?.wound).toBe(wound);
  });

  test("stays in order under a thousand changes", () => {
    let ledger = emptyLedger;
    let seed = 7;
    for (let step = 0; step < 1000; step++) {
      seed = (seed * 48271) % 2147483647;
      const one = assessment(`i${seed % 50}`, seed % 17, step + 1, seed % 3 === 0);
      ledger = takeChange(ledger, one, undefined, seed % 5 !== 0);
    }
    const sorted = takePage(emptyLedger, ledger.rows.map((row) => row.assessment).reverse(), []);
    expect(ledger.rows.length).toBeGreaterThan(20);
    expect(ids(ledger)).toEqual(ids(sorted));
    expect(new Set(ids(ledger)).size).toBe(ledger.rows.length);
  });
});
