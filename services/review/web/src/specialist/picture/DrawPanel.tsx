import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { problem } from "../../api/errors";
import { queries } from "../../api/queries";
import { wounds } from "../../api/wounds";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Failure } from "../../ui/Notice";
import { type Drawing, lackOf, millimetresOf, type Step } from "./drawing";
import { drawings } from "./drawings";
import styles from "./Panel.module.css";

interface DrawPanelProps {
  wound: string;
  photo: string;
  /** A card tells the scale. */
  hasMarker: boolean;
  drawing: Drawing;
  onStep: (step: Step) => void;
  onCancel: () => void;
  onSaved: () => void;
}

/** What comes next while an outline is drawn, and the way to keep it. */
export function DrawPanel({ wound, photo, hasMarker, drawing, onStep, onCancel, onSaved }: DrawPanelProps) {
  const { t } = useTranslation(["picture", "app"]);
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (requestId: string) =>
      wounds.createOutline({ parent: photo, outline: outlineOf(drawing), requestId }),
    onError: (error) => {
      const { metadata, reason } = problem(error);
      const { first_edge, second_edge } = metadata;
      if (reason === "SUGGESTION_DECIDED") {
        // What was drawn is not lost: it can be kept as an outline of its own.
        onStep({ do: "own" });
        client.invalidateQueries(queries.suggestions(wound));
      }
      onStep({
        do: "cross",
        edges: [first_edge, second_edge].flatMap((edge) => (edge ? [Number(edge)] : [])),
      });
    },
    onSuccess: async () => {
      drawings.done(photo);
      onSaved();
      if (drawing.suggestion) client.invalidateQueries(queries.suggestions(wound));
      await client.invalidateQueries(queries.outlines(wound));
    },
  });
  useLeaveWarning();
  const lack = lackOf(drawing);
  const { corners, closed, marks, placing } = drawing;
  const keep = () => {
    const requestId = drawing.requestId ?? crypto.randomUUID();
    onStep({ do: "ask", requestId });
    save.mutate(requestId);
  };
  const next = placing === "mark" ? "draw.mark" : closed ? "draw.adjust" : "draw.corner";
  const decided = save.error && problem(save.error).reason === "SUGGESTION_DECIDED";
  const scale = scaleNote(hasMarker, drawing);
  return (
    <section className={`${styles.panel} ${styles.draw}`} aria-label={t("panel.draw")}>
      <p role="status" className={styles.next}>
        {drawing.suggestion && `${t("draw.fromSuggestion")} `}
        {t(next, { count: placing === "mark" ? marks.length : corners.length })}
      </p>
      <div className={styles.row}>
        <Button
          small
          onClick={() => onStep({ do: "undo" })}
          disabled={corners.length === 0 && marks.length === 0}
        >
          {t("draw.undo")}
        </Button>
        {!closed && placing === "corner" && (
          <Button small kind="primary" onClick={() => onStep({ do: "close" })} disabled={corners.length < 3}>
            {t("draw.close")}
          </Button>
        )}
        <Button small onClick={() => onStep({ do: "scale" })} disabled={placing === "mark"}>
          {t(marks.length === 2 ? "draw.scaleAnew" : hasMarker ? "draw.scaleByPoints" : "draw.scale")}
        </Button>
        {(marks.length > 0 || placing === "mark") && (
          <Button small kind="quiet" onClick={() => onStep({ do: "unscale" })}>
            {t(hasMarker ? "draw.scaleByMarker" : "draw.unscale")}
          </Button>
        )}
      </div>
      {marks.length === 2 && (
        <div className={styles.millimetres}>
          <TextField
            label={t("draw.millimetres")}
            inputMode="decimal"
            autoComplete="off"
            value={drawing.millimetres}
            error={drawing.millimetres && lack === "millimetres" ? t("draw.lack.millimetres") : undefined}
            onChange={(event) => onStep({ do: "type", millimetres: event.target.value })}
          />
        </div>
      )}
      <div className={styles.row}>
        <Button small onClick={onCancel}>
          {t("app:cancel")}
        </Button>
        <Button small kind="primary" busy={save.isPending} disabled={lack !== undefined} onClick={keep}>
          {t("draw.save")}
        </Button>
        {lack && <span className={styles.note}>{t(`draw.lack.${lack}`)}</span>}
        {scale && <span className={styles.note}>{t(`draw.${scale}`)}</span>}
      </div>
      <details className={styles.note}>
        <summary>{t("draw.byKeyboard")}</summary>
        {t("draw.keys")}
      </details>
      <div className={styles.whole}>
        <Failure error={save.error} onRetry={lack || decided ? undefined : keep} />
        {decided && <p className={styles.note}>{t("draw.own")}</p>}
      </div>
    </section>
  );
}

/** Where the scale of what is drawn will come from, where that has to be said. */
function scaleNote(hasMarker: boolean, { marks, closed }: Drawing) {
  if (hasMarker) return marks.length > 0 ? "pointsOverride" : "byMarker";
  return closed && marks.length === 0 ? "pixelsOnly" : undefined;
}

function outlineOf({ corners, marks: [start, end], millimetres, suggestion }: Drawing) {
  const distanceMm = millimetresOf(millimetres);
  const calibration = start && end && distanceMm !== undefined ? { start, end, distanceMm } : undefined;
  return { points: corners, ...(calibration && { calibration }), ...(suggestion && { suggestion }) };
}

/** The browser asks before it closes a page in which a drawing is not kept. */
function useLeaveWarning(): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => drawings.any() && event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, []);
}
