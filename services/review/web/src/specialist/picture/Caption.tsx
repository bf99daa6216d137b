import { useTranslation } from "react-i18next";
import { dayAndTime, number } from "../../i18n/format";
import { Badge } from "../../ui/Badge";
import type { Shot } from "./choice";
import { isSteep } from "./measures";
import { useWarnings } from "./useWarnings";

/** Which photo it is, and what to mind about it. */
export function Caption({ shot, side }: { shot: Shot; side: "a" | "b" | undefined }) {
  const { t } = useTranslation("picture");
  const { marker } = shot.photo;
  const steep = marker !== undefined && isSteep(marker);
  // What is said of the tilt below is not said twice.
  const warnings = useWarnings(shot.photo).filter(({ code }) => !(steep && code === "TILTED"));
  return (
    <>
      {side && <strong>{t(`side.${side}`)}</strong>}
      <span>{dayAndTime(shot.visit.visitTime)}</span>
      <span>{t("strip.place", { place: shot.place, of: shot.of })}</span>
      {warnings.map(({ code, short, advice, kind }) => (
        <span key={code} title={advice}>
          <Badge kind={kind}>{short}</Badge>
        </span>
      ))}
      {marker && <span>{t("marker.told", { number: marker.number, tilt: number(marker.tiltDegrees) })}</span>}
      {steep && <Badge kind="warn">{t("marker.steep")}</Badge>}
    </>
  );
}
