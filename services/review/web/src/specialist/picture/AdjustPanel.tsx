import { useTranslation } from "react-i18next";
import { number } from "../../i18n/format";
import { Button } from "../../ui/Button";
import { AS_IT_IS, isChanged, LOOK_RANGE, type Look } from "./look";
import styles from "./Panel.module.css";

interface AdjustPanelProps {
  look: Look;
  onLook: (look: Look) => void;
  turn: number;
  onTurn: (degrees: number) => void;
}

/** Light, contrast and turn by sliders. */
export function AdjustPanel({ look, onLook, turn, onTurn }: AdjustPanelProps) {
  const { t } = useTranslation("picture");
  const upright = Math.round(((((turn + 180) % 360) + 360) % 360) - 180);
  return (
    <section className={styles.panel} aria-label={t("panel.adjust")}>
      {(["brightness", "contrast"] as const).map((what) => (
        <label key={what} className={styles.slider}>
          {t(`look.${what}`)}
          <input
            type="range"
            {...LOOK_RANGE}
            value={look[what]}
            onChange={(event) => onLook({ ...look, [what]: event.target.valueAsNumber })}
          />
          <output>{number(look[what])} %</output>
        </label>
      ))}
      <label className={styles.slider}>
        {t("look.turn")}
        <input
          type="range"
          min={-180}
          max={180}
          value={upright}
          onChange={(event) => onTurn(event.target.valueAsNumber)}
        />
        <output>{upright}°</output>
      </label>
      <Button small onClick={() => onLook(AS_IT_IS)} disabled={!isChanged(look)}>
        {t("look.reset")}
      </Button>
      <p className={styles.note}>{t("look.note")}</p>
    </section>
  );
}
