import { useTranslation } from "react-i18next";
import { MeasureMethod, type Measures } from "../../gen/samspil/wound/v1/outline_pb";
import { number } from "../../i18n/format";
import { methodOf } from "./measures";
import { areaInCm2, size } from "./told";

const methods = {
  [MeasureMethod.UNSPECIFIED]: "none",
  [MeasureMethod.TWO_POINTS]: "twoPoints",
  [MeasureMethod.MARKER]: "marker",
} as const;

/** Area, length and width, each with how sure it is where that is known; in pixels where nothing tells the scale. */
export function Numbers({ measures }: { measures: Measures | undefined }) {
  const { t } = useTranslation("picture");
  const area = measures && areaInCm2(measures);
  if (!measures || !area) return t("measures.pixels", { area: number(measures?.areaPx ?? 0) });
  const { lengthMm, widthMm, lengthUncertaintyMm, widthUncertaintyMm } = measures;
  const sides = size(lengthMm, widthMm, { length: lengthUncertaintyMm, width: widthUncertaintyMm });
  return <span title={isUnsure(measures) ? t("measures.plusMinus") : undefined}>{`${area} · ${sides}`}</span>;
}

/** Whether it is told how sure the measures are. */
export function isUnsure({ areaUncertaintyMm2 }: Measures): boolean {
  return areaUncertaintyMm2 !== undefined;
}

/** Where the scale of measures comes from, in words. */
export function useMethod(): (measures: Measures | undefined) => string {
  const { t } = useTranslation("picture");
  return (measures) => t(`measures.method.${methods[methodOf(measures)]}`);
}
