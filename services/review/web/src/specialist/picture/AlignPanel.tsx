import { useTranslation } from "react-i18next";
import { number } from "../../i18n/format";
import { Button } from "../../ui/Button";
import styles from "./Panel.module.css";

/** How B is moved over A. */
export type Nudge = "left" | "right" | "up" | "down" | "larger" | "smaller" | "turnLeft" | "turnRight";

const nudges = {
  left: "←",
  right: "→",
  up: "↑",
  down: "↓",
  larger: "+",
  smaller: "−",
  turnLeft: "↺",
  turnRight: "↻",
} as const satisfies Record<Nudge, string>;

interface AlignPanelProps {
  onNudge: (nudge: Nudge) => void;
  onReset: () => void;
  /** Undefined unless both photos have a scale. */
  onSameScale: (() => void) | undefined;
  /** Lays card on card, and how aslant each was seen, in degrees. Undefined unless both photos have one. */
  byMarker: { align: () => void; tilts: { a: number; b: number } } | undefined;
  /** How many points are set while they are being set. */
  picked: { a: number; b: number } | undefined;
  onPick: (start: boolean) => void;
}

/** Lays B over A: by the card, by two places that are the same, by a known scale, or a little at a time. */
export function AlignPanel(props: AlignPanelProps) {
  const { onNudge, onReset, onSameScale, byMarker, picked, onPick } = props;
  const { t } = useTranslation("picture");
  return (
    <section className={styles.panel} aria-label={t("panel.align")}>
      {picked ? (
        <>
          <p role="status">{t("align.picking", { a: picked.a, b: picked.b })}</p>
          <Button small onClick={() => onPick(false)}>
            {t("align.stop")}
          </Button>
        </>
      ) : (
        <>
          {byMarker && (
            <Button small onClick={byMarker.align}>
              {t("align.byMarker")}
            </Button>
          )}
          <Button small onClick={() => onPick(true)}>
            {t("align.points")}
          </Button>
          {onSameScale && (
            <Button small onClick={onSameScale}>
              {t("align.sameScale")}
            </Button>
          )}
          <fieldset className={styles.nudges}>
            <legend>{t("align.nudge")}</legend>
            {Object.entries(nudges).map(([nudge, sign]) => (
              <button
                key={nudge}
                type="button"
                aria-label={t(`align.${nudge as Nudge}`)}
                title={t(`align.${nudge as Nudge}`)}
                onClick={() => onNudge(nudge as Nudge)}
              >
                {sign}
              </button>
            ))}
          </fieldset>
          <Button small kind="quiet" onClick={onReset}>
            {t("align.reset")}
          </Button>
          {byMarker && (
            <p className={`${styles.note} ${styles.whole}`}>
              {t("align.byMarkerNot", { a: number(byMarker.tilts.a), b: number(byMarker.tilts.b) })}
            </p>
          )}
        </>
      )}
    </section>
  );
}
