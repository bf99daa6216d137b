/** What lies over a photo and cannot be touched: outlines that are kept, and marks. */
import type { Outline } from "../../gen/samspil/wound/v1/outline_pb";
import type { Spot, View } from "./geometry";
import styles from "./Overlay.module.css";

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
        <text
          className={styles.label}
          fontSize={16 / view.zoom}
          transform={`translate(${points[0].x} ${points[0].y}) rotate(${-view.turn})`}
        >
          {index + 1}
        </text>
      )}
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
