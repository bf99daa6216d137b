import { useTranslation } from "react-i18next";
import { dayAndTime } from "../../i18n/format";
import { Badge } from "../../ui/Badge";
import type { Shot } from "./choice";
import { useWarnings } from "./useWarnings";

/** Which photo it is, and what to mind about it. */
export function Caption({ shot, side }: { shot: Shot; side: "a" | "b" | undefined }) {
  const { t } = useTranslation("picture");
  const warnings = useWarnings(shot.photo);
  return (
    <>
      {side && <strong>{t(`side.${side}`)}</strong>}
      <span>{dayAndTime(shot.visit.visitTime)}</span>
      <span>{t("strip.place", { place: shot.place, of: shot.of })}</span>
      {warnings.map(({ code, short, advice }) => (
        <span key={code} title={advice}>
          <Badge kind="warn">{short}</Badge>
        </span>
      ))}
    </>
  );
}
