/** What the nurses wrote, visit by visit, as rows to compare; and what changed since the visit before. */
import type { Score } from "../../gen/samspil/wound/v1/score_pb";
import type { Findings, Visit } from "../../gen/samspil/wound/v1/visit_pb";

/** What one visit says of one thing. */
export type Value =
  | { kind: "amount"; amount: number }
  | { kind: "codes"; codes: number[] }
  | { kind: "shares"; shares: { type: number; percent: number }[] }
  | { kind: "text"; text: string };

/** What changed since the visit before that says anything of it. `better` and `worse` only where that is certain. */
export interface Change {
  kind: "better" | "worse" | "changed";
  /** By how much, for a number. */
  by?: number;
  /** Codes that came. */
  added?: number[];
  /** Codes that went. */
  gone?: number[];
}

export interface Cell {
  value: Value | undefined;
  change: Change | undefined;
}

interface Rule {
  read: (findings: Findings, push: number | undefined) => Value | undefined;
  /** Less of it is better, beyond doubt. */
  lessIsBetter?: boolean;
  /** Another row tells its changes. */
  unmarked?: boolean;
}

const amount = (value: number | undefined): Value | undefined =>
  value === undefined ? undefined : { kind: "amount", amount: value };
const codes = (list: number[]): Value | undefined =>
  list.length === 0 ? undefined : { kind: "codes", codes: [...list].sort((a, b) => a - b) };
const code = (value: number) => codes(value === 0 ? [] : [value]);
const text = (value: string): Value | undefined => (value === "" ? undefined : { kind: "text", text: value });

/** Square millimetres, as length times width gives them. */
function area(findings: Findings | undefined): number | undefined {
  if (findings?.lengthMm === undefined || findings.widthMm === undefined) return undefined;
  return findings.lengthMm * findings.widthMm;
}

function tissue(findings: Findings): Value | undefined {
  if (findings.tissue.length === 0) return undefined;
  const shares = findings.tissue.map(({ type, percent }) => ({ type, percent }));
  return { kind: "shares", shares: shares.sort((a, b) => b.percent - a.percent || a.type - b.type) };
}

function size({ lengthMm, widthMm }: Findings): Value | undefined {
  if (lengthMm === undefined && widthMm === undefined) return undefined;
  return { kind: "text", text: `${lengthMm ?? "?"} × ${widthMm ?? "?"}` };
}

/** A visit without a sign says that none was seen. */
function signs({ infectionSigns }: Findings): Value {
  return { kind: "codes", codes: [...infectionSigns].sort((a, b) => a - b) };
}

function undermining(findings: Findings): Value | undefined {
  const parts = findings.undermining.map(({ fromClock, toClock, lengthMm }) =>
    fromClock === toClock
      ? `kl. ${fromClock}: ${lengthMm} mm`
      : `kl. ${fromClock}–${toClock}: ${lengthMm} mm`,
  );
  return text(parts.join(", "));
}

/** The rows, in the order in which they are read. */
const rules = {
  area: { read: (f) => amount(area(f)), lessIsBetter: true },
  size: { read: size, unmarked: true },
  depth: { read: (f) => amount(f.depthMm) },
  push: { read: (_, push) => amount(push), lessIsBetter: true },
  infectionSigns: { read: signs, lessIsBetter: true },
  pain: { read: (f) => amount(f.pain), lessIsBetter: true },
  tissue: { read: tissue },
  exudateAmount: { read: (f) => code(f.exudateAmount) },
  exudateType: { read: (f) => code(f.exudateType) },
  odour: { read: (f) => code(f.odour) },
  edge: { read: (f) => code(f.edge) },
  surroundingSkin: { read: (f) => codes(f.surroundingSkin) },
  undermining: { read: undermining },
  dressing: { read: (f) => text(f.dressing) },
  note: { read: (f) => text(f.note) },
} satisfies Record<string, Rule>;

export type RowKey = keyof typeof rules;

export interface Row {
  key: RowKey;
  /** One for each visit, in the order of the visits. */
  cells: Cell[];
}

/** Rows over visits that are given newest first, as the contract lists them. A row of which no visit says anything is left out. */
export function rows(visits: readonly Visit[], scores: readonly Score[]): Row[] {
  const push = pushTotals(scores);
  return (Object.keys(rules) as RowKey[])
    .map((key) => ({ key, cells: cells(key, visits, push) }))
    .filter((row) => row.cells.some((cell) => cell.value));
}

/** PUSH by visit: the newest of each, which stands first. */
function pushTotals(scores: readonly Score[]): Map<string, number> {
  const totals = new Map<string, number>();
  for (const score of scores) {
    if (score.input.case !== "push" || !score.result || !score.visit || totals.has(score.visit)) continue;
    totals.set(score.visit, score.result.total);
  }
  return totals;
}

function cells(key: RowKey, visits: readonly Visit[], push: Map<string, number>): Cell[] {
  const rule: Rule = rules[key];
  const values = visits.map((visit) =>
    visit.findings ? rule.read(visit.findings, push.get(visit.name)) : undefined,
  );
  return values.map((value, i) => {
    // What a visit does not say of it is not compared with.
    const before = values.slice(i + 1).find((one) => one);
    return { value, change: value && !rule.unmarked ? change(rule, value, before) : undefined };
  });
}

function change(rule: Rule, now: Value, then: Value | undefined): Change | undefined {
  if (!then || then.kind !== now.kind) return undefined;
  if (now.kind === "amount" && then.kind === "amount") {
    const by = now.amount - then.amount;
    if (by === 0) return undefined;
    return { kind: rule.lessIsBetter ? (by < 0 ? "better" : "worse") : "changed", by };
  }
  if (now.kind === "codes" && then.kind === "codes") return changedCodes(rule, now.codes, then.codes);
  return JSON.stringify(now) === JSON.stringify(then) ? undefined : { kind: "changed" };
}

function changedCodes(rule: Rule, now: number[], then: number[]): Change | undefined {
  const added = now.filter((one) => !then.includes(one));
  const gone = then.filter((one) => !now.includes(one));
  if (added.length + gone.length === 0) return undefined;
  // Some came and others went: that is for a person to judge.
  const certain = rule.lessIsBetter && (added.length === 0 || gone.length === 0);
  return { kind: certain ? (added.length ? "worse" : "better") : "changed", added, gone };
}
