/** Measures as they are written: "4,2 ± 0,31 cm²", "31,4 ± 1,2 × 18 ± 1 mm". */
import type { Measures } from "../../gen/samspil/wound/v1/outline_pb";
import { number } from "../../i18n/format";
import { plusMinus } from "./measures";

/** A value with what may be added or taken away, which is rounded up: it never looks surer than it is. */
export function withMargin(value: number, margin: number | undefined, decimals: number): string {
  if (margin === undefined) return number(value, decimals);
  const step = 10 ** decimals;
  const up = Math.ceil(margin * step - 1e-6) / step;
  return `${number(value, decimals)} ± ${number(up, decimals)}`;
}

/** The area in square centimetres; nothing without a scale. */
export function areaInCm2({ areaMm2, areaUncertaintyMm2 }: Measures): string | undefined {
  if (areaMm2 === undefined) return undefined;
  const margin = plusMinus(areaUncertaintyMm2);
  return `${withMargin(areaMm2 / 100, margin === undefined ? undefined : margin / 100, 2)} cm²`;
}

/** Length times width; empty where both are unknown. */
export function size(
  length: number | undefined,
  width: number | undefined,
  uncertainty: { length?: number | undefined; width?: number | undefined } = {},
): string {
  if (length === undefined && width === undefined) return "";
  return `${side(length, uncertainty.length)} × ${side(width, uncertainty.width)} mm`;
}

function side(value: number | undefined, uncertainty: number | undefined): string {
  if (value === undefined) return "?";
  return withMargin(value, plusMinus(uncertainty), uncertainty === undefined ? 0 : 1);
}

/** `+3`, `−2`, `0`. */
export function signed(value: number | undefined): string {
  if (value === undefined) return "?";
  const text = number(Math.abs(value));
  return text === "0" ? "0" : `${value < 0 ? "−" : "+"}${text}`;
}
