/** What lies over a photo and cannot be touched: outlines that are kept, and marks. */
import type { Outline } from "../../gen/samspil/wound/v1/outline_pb";
import type { Spot } from "./geometry";
import styles from "./Overlay.module.css";

/** Corners as SVG writes them. */
export function pointsOf(spots: readonly Spot[]): string {
  return spots.map(({ x, y }) => `${x},${y}`).join(" ");
}

export function Kept({ outlines }: { outlines: readonly Outline[] }) {
  return outlines.map(({ name, points }) => (
    <g key={name}>
      <polygon className={styles.halo} points={pointsOf(points)} />
      <polygon className={styles.line} points={pointsOf(points)} />
    </g>
  ));
}

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
