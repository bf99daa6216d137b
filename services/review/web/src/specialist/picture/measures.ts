/** Outlines with their photos and what the nurse measured at the same visit. */
import type { Outline } from "../../gen/samspil/wound/v1/outline_pb";
import type { Findings } from "../../gen/samspil/wound/v1/visit_pb";
import type { Drawing } from "./drawing";

/** Those of a photo, in the order that they come. */
export function outlinesOf(photo: string, outlines: readonly Outline[]): Outline[] {
  return outlines.filter(({ name, withdrawTime }) => !withdrawTime && name.startsWith(`${photo}/outlines/`));
}

/** The newest scale that somebody set on the photo. */
export function scaleOn(photo: string, outlines: readonly Outline[]) {
  return outlinesOf(photo, outlines).find(({ calibration }) => calibration)?.calibration;
}

/** The same for a drawing to begin with. */
export function scaleToBeginWith(
  photo: string,
  outlines: readonly Outline[],
): { marks: [Drawing["marks"][number], Drawing["marks"][number]]; millimetres: string } | undefined {
  const scale = scaleOn(photo, outlines);
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
