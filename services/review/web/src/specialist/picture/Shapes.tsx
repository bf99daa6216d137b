/** What lies over a photo and cannot be touched: outlines that are kept or suggested, the card, and marks. */
import type { ReactNode } from "react";
import type { Outline } from "../../gen/samspil/wound/v1/outline_pb";
import type { Marker } from "../../gen/samspil/wound/v1/photo_pb";
import { apply, type Spot, similarity, type View } from "./geometry";
import styles from "./Overlay.module.css";
import { useSuggestionLabel } from "./Suggested";
import type { Open } from "./suggestions";

/** Corners as SVG writes them. */
export function pointsOf(spots: readonly Spot[]): string {
  return spots.map(({ x, y }) => `${x},${y}`).join(" ");
}

/** Outlines with their numbers in the list, where there is more than one. */
export function Kept({ outlines, view }: { outlines: readonly Outline[]; view: View }) {
  return outlines.map(({ name, points }, index) => (
    <g key={name}>
      <polygon className={styles.halo} points={pointsOf(points)} />
      <polygon className={styles.line} points={pointsOf(points)} />
      {outlines.length > 1 && points[0] && (
        <Label at={points[0]} view={view}>
          {index + 1}
        </Label>
      )}
    </g>
  ));
}

/** Suggestions: dashed, in a colour of their own, and each says what it is. */
export function Suggestions({ open, view }: { open: readonly Open[]; view: View }) {
  const label = useSuggestionLabel();
  return open.map(({ suggestion: { name, points }, place }) => (
    <g key={name}>
      <polygon className={styles.halo} points={pointsOf(points)} />
      <polygon className={`${styles.line} ${styles.suggested}`} points={pointsOf(points)} />
      {points[0] && (
        <Label at={topOf(points, view)} view={view} suggested>
          {label(place)}
        </Label>
      )}
    </g>
  ));
}

/** The square of the card that tells the scale. */
export function Card({ marker: { corners } }: { marker: Marker }) {
  return (
    <>
      <polygon className={styles.cardHalo} points={pointsOf(corners)} />
      <polygon className={styles.card} points={pointsOf(corners)} />
    </>
  );
}

function Label(props: { at: Spot; view: View; suggested?: boolean; children: ReactNode }) {
  const { at, view, suggested, children } = props;
  return (
    <text
      className={suggested ? `${styles.label} ${styles.ofSuggestion}` : styles.label}
      fontSize={16 / view.zoom}
      transform={`translate(${at.x} ${at.y}) rotate(${-view.turn})`}
    >
      {children}
    </text>
  );
}

/** The corner that is highest on the screen. */
function topOf(points: readonly Spot[], { turn }: View): Spot {
  const down = ({ x, y }: Spot) => apply(similarity(1, turn, ORIGIN, ORIGIN), { x, y }).y;
  return points.reduce((top, one) => (down(one) < down(top) ? one : top));
}

const ORIGIN: Spot = { x: 0, y: 0 };

/** A place with a cross through it, as large on the screen as it is asked for. */
export function Cross({ at: { x, y }, size, held }: { at: Spot; size: number; held?: boolean }) {
  const lines = `M${x - size} ${y}H${x + size}M${x} ${y - size}V${y + size}`;
  return (
    <g>
      <path className={styles.halo} d={lines} />
      <path className={styles.cross} d={lines} />
      <circle className={styles.cross} cx={x} cy={y} r={held ? size * 0.75 : size / 2} />
    </g>
  );
}
