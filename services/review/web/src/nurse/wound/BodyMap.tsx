import { useTranslation } from "react-i18next";
import { Laterality, LateralitySchema } from "../../gen/samspil/wound/v1/wound_pb";
import { term } from "../../i18n/terms";
import { Button } from "../../ui/Button";
import type { Region } from "./bodySites";
import { FIGURE, type Part, partsOf } from "./figure";
import styles from "./NewWound.module.css";

interface BodyMapProps {
  view: "front" | "back";
  region: Region | undefined;
  side: Laterality;
  onTurn: (view: "front" | "back") => void;
  onPick: (region: Region, side: Laterality) => void;
}

/** A figure whose parts are buttons. */
export function BodyMap({ view, region, side, onTurn, onPick }: BodyMapProps) {
  const { t } = useTranslation("nurse");
  return (
    <div className={styles.map}>
      <div className={styles.views}>
        {(["front", "back"] as const).map((one) => (
          <Button key={one} aria-pressed={view === one} onClick={() => onTurn(one)} className={styles.view}>
            {t(`body.${one}`)}
          </Button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields, this is a picture */}
      <div className={styles.figure} role="group" aria-label={t("body.figure")}>
        <span className={styles.left} aria-hidden="true">
          {t(view === "front" ? "body.rightSide" : "body.leftSide")}
        </span>
        <span className={styles.right} aria-hidden="true">
          {t(view === "front" ? "body.leftSide" : "body.rightSide")}
        </span>
        {partsOf(view).map((part) => (
          <button
            key={`${part.region} ${part.side}`}
            type="button"
            className={part.region === "head" ? `${styles.part} ${styles.round}` : styles.part}
            style={place(part)}
            aria-pressed={
              part.region === region && (part.side === Laterality.UNSPECIFIED || part.side === side)
            }
            aria-label={[t(`region.${part.region}`), term(LateralitySchema, part.side)]
              .filter(Boolean)
              .join(", ")}
            onClick={() => onPick(part.region, part.side)}
          />
        ))}
      </div>
    </div>
  );
}

const share = (part: number, whole: number) => `${(part / whole) * 100}%`;

function place({ x, y, width, height }: Part) {
  return {
    left: share(x, FIGURE.width),
    top: share(y, FIGURE.height),
    width: share(width, FIGURE.width),
    height: share(height, FIGURE.height),
  };
}
