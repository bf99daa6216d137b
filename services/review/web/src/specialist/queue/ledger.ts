/**
 * The rows of a queue while pages are still being read and changes stream in: in the server's order, each assessment once, never put
 * back by a page that was read before a change.
 */
import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { idOf, woundOf } from "../../api/names";
import { type Assessment, AssessmentPriority } from "../../gen/samspil/wound/v1/assessment_pb";
import type { Wound } from "../../gen/samspil/wound/v1/wound_pb";
import { compareTimes } from "../assessment/standing";

export interface Row {
  assessment: Assessment;
  wound: Wound | undefined;
}

export interface Ledger {
  rows: readonly Row[];
  /** When each assessment that was ever seen was last changed, those that have left included. */
  known: ReadonlyMap<string, Timestamp | undefined>;
  /** Those that the reading under way has met, or a change since it began. Nothing while no reading is under way. */
  met: ReadonlySet<string> | undefined;
}

export const emptyLedger: Ledger = { rows: [], known: new Map(), met: undefined };

/** The soonest due first, the urgent first among those due at the same time. */
export function compareRows(a: Row, b: Row): number {
  return (
    compareTimes(a.assessment.clock?.dueTime, b.assessment.clock?.dueTime) ||
    Number(isUrgent(b.assessment)) - Number(isUrgent(a.assessment)) ||
    (idOf(a.assessment.name) < idOf(b.assessment.name) ? -1 : 1)
  );
}

export function isUrgent(assessment: Assessment): boolean {
  return assessment.priority === AssessmentPriority.URGENT;
}

/** Reading begins anew. What is there stays until the reading is through. */
export function beginReading(ledger: Ledger): Ledger {
  return { ...ledger, met: new Set() };
}

/** A page came. */
export function takePage(
  ledger: Ledger,
  assessments: readonly Assessment[],
  wounds: readonly Wound[],
): Ledger {
  const woundsByName = new Map(wounds.map((wound) => [wound.name, wound]));
  const met = new Set(ledger.met);
  const fresh = assessments.filter((one) => !isOld(ledger, one));
  for (const one of assessments) met.add(one.name);
  const replaced = new Set(fresh.map((one) => one.name));
  const rows = ledger.rows.filter((row) => !replaced.has(row.assessment.name));
  for (const assessment of fresh) {
    rows.push({ assessment, wound: woundsByName.get(woundOf(assessment.name)) });
  }
  rows.sort(compareRows);
  const known = new Map(ledger.known);
  for (const one of fresh) known.set(one.name, one.updateTime);
  return { rows, known, met };
}

/** The last page was read: what neither it nor a change has met is gone. */
export function endReading(ledger: Ledger): Ledger {
  const { met } = ledger;
  const rows = met ? ledger.rows.filter((row) => met.has(row.assessment.name)) : ledger.rows;
  return { ...ledger, rows, met: undefined };
}

/** An assessment changed. `stays`: it belongs in this list as it is now. */
export function takeChange(
  ledger: Ledger,
  assessment: Assessment,
  wound: Wound | undefined,
  stays: boolean,
): Ledger {
  if (isOld(ledger, assessment)) return ledger;
  const at = ledger.rows.findIndex((row) => row.assessment.name === assessment.name);
  const before = ledger.rows[at];
  const rows = ledger.rows.filter((row) => row !== before);
  if (stays) {
    const row = { assessment, wound: wound ?? before?.wound };
    rows.splice(place(rows, row), 0, row);
  }
  const known = new Map(ledger.known).set(assessment.name, assessment.updateTime);
  const met = ledger.met && new Set(ledger.met).add(assessment.name);
  return { rows, known, met };
}

/** Whether something newer of it was seen. What is just as new is taken: its clock may have gone on. */
function isOld(ledger: Ledger, assessment: Assessment): boolean {
  return compareTimes(assessment.updateTime, ledger.known.get(assessment.name)) < 0;
}

/** Where a row goes among those in order. */
function place(rows: readonly Row[], row: Row): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const there = rows[middle];
    if (there && compareRows(there, row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
