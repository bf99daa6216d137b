/** Outlines with their photos and what the nurse measured at the same visit. */
import { MeasureMethod, type Measures, type Outline } from "../../gen/samspil/wound/v1/outline_pb";
import type { Marker, Photo } from "../../gen/samspil/wound/v1/photo_pb";
import type { Findings } from "../../gen/samspil/wound/v1/visit_pb";
import type { KnownScale } from "./drawing";
import { areaOf, distance } from "./geometry";

/** More aslant than this, a card is measured by with reserve. */
const STEEP_DEGREES = 30;

export function isSteep({ tiltDegrees }: Marker): boolean {
  return tiltDegrees > STEEP_DEGREES;
}

/** Where the scale of measures comes from. Before methods were told, two points were the only one. */
export function methodOf(measures: Measures | undefined): MeasureMethod {
  if (measures?.areaMm2 === undefined) return MeasureMethod.UNSPECIFIED;
  return measures.method || MeasureMethod.TWO_POINTS;
}

/** What stands behind "±": two standard uncertainties. */
export function plusMinus(uncertainty: number | undefined): number | undefined {
  return uncertainty === undefined ? undefined : 2 * uncertainty;
}

/** Those of a photo, in the order that they come. */
export function outlinesOf(photo: string, outlines: readonly Outline[]): Outline[] {
  return outlines.filter(({ name, withdrawTime }) => !withdrawTime && name.startsWith(`${photo}/outlines/`));
}

/** The newest scale that somebody set on the photo. */
function scaleOn(photo: string, outlines: readonly Outline[]) {
  return outlinesOf(photo, outlines).find(({ calibration }) => calibration)?.calibration;
}

/** How many pixels a millimetre has on a photo: about the card, where there is one, or else between the two points that somebody set. */
export function pixelsPerMm({ name, marker }: Photo, outlines: readonly Outline[]): number | undefined {
  if (marker) return Math.sqrt(areaOf(marker.corners)) / marker.sideMm || undefined;
  const { start, end, distanceMm } = scaleOn(name, outlines) ?? {};
  return start && end && distanceMm ? distance(start, end) / distanceMm : undefined;
}

/** The two points for a drawing to begin with: none where a card tells the scale better. */
export function scaleToBeginWith(
  { name, marker }: Photo,
  outlines: readonly Outline[],
): KnownScale | undefined {
  const scale = marker ? undefined : scaleOn(name, outlines);
  if (!scale?.start || !scale.end) return undefined;
  const { start, end, distanceMm } = scale;
  const plain = ({ x, y }: { x: number; y: number }) => ({ x, y });
  return { marks: [plain(start), plain(end)], millimetres: String(distanceMm) };
}

/** How much an outline differs from the nurse's measures, in millimetres; nothing where one of both is not there. */
export function difference(
  { measures }: Outline,
  findings: Findings | undefined,
): { length?: number; width?: number } {
  const minus = (drawn: number | undefined, seen: number | undefined) =>
    drawn === undefined || seen === undefined ? undefined : drawn - seen;
  const length = minus(measures?.lengthMm, findings?.lengthMm);
  const width = minus(measures?.widthMm, findings?.widthMm);
  return { ...(length !== undefined && { length }), ...(width !== undefined && { width }) };
}
