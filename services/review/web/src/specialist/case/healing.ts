/** The lines of the charts: area against what the rule expects, and scores over time. */
import { timestampDate } from "@bufbuild/protobuf/wkt";
import { visitOf } from "../../api/names";
import { MeasureMethod, type Outline } from "../../gen/samspil/wound/v1/outline_pb";
import type { Healing, Score } from "../../gen/samspil/wound/v1/score_pb";
import type { Visit } from "../../gen/samspil/wound/v1/visit_pb";
import { methodOf, plusMinus } from "../picture/measures";

export interface Point {
  /** Milliseconds. */
  at: number;
  value: number;
  /** How far the true value may well lie from it, to either side. */
  margin?: number | undefined;
}

/** Square centimetres over time. */
export interface Areas {
  /** Length times width, as the nurses measured. */
  measured: Point[];
  /** What the rule expects: from the first measured visit to its day. Empty when no wound of this type is judged. */
  expected: Point[];
  /** Outlines that persons stand for, measured by the card on the photo. */
  byMarker: Point[];
  /** The same, measured by two points that a person set. Not to be compared with the others as if they were one. */
  byTwoPoints: Point[];
}

const DAY_MS = 86_400_000;

export function areas(
  healing: Healing | undefined,
  outlines: readonly Outline[],
  visits: readonly Visit[],
): Areas {
  const measured = (healing?.points ?? []).flatMap((point) =>
    point.visitTime ? [{ at: timestampDate(point.visitTime).getTime(), value: point.areaMm2 / 100 }] : [],
  );
  const drawn = outlined(outlines, visits);
  const by = (wanted: MeasureMethod) => drawn.filter(({ method }) => method === wanted);
  return {
    measured,
    expected: expected(healing, measured[0]),
    byMarker: by(MeasureMethod.MARKER),
    byTwoPoints: by(MeasureMethod.TWO_POINTS),
  };
}

function expected(healing: Healing | undefined, first: Point | undefined): Point[] {
  const permille = healing?.expectedReductionPermille;
  const days = healing?.expectedDays;
  if (!first || permille === undefined || days === undefined) return [];
  return [first, { at: first.at + days * DAY_MS, value: (first.value * (1000 - permille)) / 1000 }];
}

/** One for each visit: the outline that was drawn last, which the contract lists first. */
function outlined(outlines: readonly Outline[], visits: readonly Visit[]) {
  const times = new Map(
    visits.map((visit) => [visit.name, visit.visitTime && timestampDate(visit.visitTime).getTime()]),
  );
  const seen = new Set<string>();
  const points: (Point & { method: MeasureMethod })[] = [];
  for (const outline of outlines) {
    const visit = visitOf(outline.name);
    const at = times.get(visit);
    const { areaMm2, areaUncertaintyMm2 } = outline.measures ?? {};
    if (at === undefined || areaMm2 === undefined || outline.withdrawTime || seen.has(visit)) continue;
    seen.add(visit);
    const margin = plusMinus(areaUncertaintyMm2);
    points.push({
      at,
      value: areaMm2 / 100,
      ...(margin !== undefined && { margin: margin / 100 }),
      method: methodOf(outline.measures),
    });
  }
  return points.sort((a, b) => a.at - b.at);
}

/** The totals of one instrument over time, and the range that there is. */
export interface ScoreLine {
  instrument: string;
  minimum: number;
  maximum: number;
  points: (Point & { band: string })[];
}

/** A line for each instrument, the one with the most totals first. */
export function scoreLines(scores: readonly Score[]): ScoreLine[] {
  const lines = new Map<string, ScoreLine>();
  for (const { result, observeTime } of scores) {
    if (!result || !observeTime) continue;
    const { instrument, minimum, maximum, total, band } = result;
    const line = lines.get(instrument) ?? { instrument, minimum, maximum, points: [] };
    line.points.push({ at: timestampDate(observeTime).getTime(), value: total, band });
    lines.set(instrument, line);
  }
  for (const line of lines.values()) line.points.sort((a, b) => a.at - b.at);
  return [...lines.values()].sort((a, b) => b.points.length - a.points.length);
}

/** Lines over one axis of times, as a chart wants them: seconds, then a column for each line with gaps where it has no point. */
export function columns(...lines: readonly Point[][]): [number[], ...(number | null)[][]] {
  const times = [...new Set(lines.flat().map((point) => point.at))].sort((a, b) => a - b);
  const place = new Map(times.map((time, i) => [time, i]));
  const filled = lines.map((line) => {
    const column: (number | null)[] = times.map(() => null);
    for (const { at, value } of line) column[place.get(at) ?? 0] = value;
    return column;
  });
  return [times.map((time) => time / 1000), ...filled];
}

/** The change from the first to the last, in per cent of the first; nothing when there is none to tell. */
export function changeInPercent(points: readonly Point[]): number | undefined {
  const first = points[0];
  const last = points.at(-1);
  if (!first || !last || first === last || first.value === 0) return undefined;
  return Math.round(((last.value - first.value) / first.value) * 100);
}
