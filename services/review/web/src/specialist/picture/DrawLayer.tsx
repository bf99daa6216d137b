import type { PointerEvent } from "react";
import type { Drawing, Part, Step } from "./drawing";
import { onPhoto, type Spot, toPhoto, type View } from "./geometry";
import type { Lens } from "./lens";
import styles from "./Overlay.module.css";
import { Cross, pointsOf } from "./Shapes";

const GRIP_PX = 16;
const DOT_PX = 5;

interface DrawLayerProps {
  lens: Lens;
  view: View;
  drawing: Drawing;
  onStep: (step: Step) => void;
  /** Where the keyboard is, once it is used. */
  cross: { at: Spot; held: boolean } | undefined;
}

/** The drawing over its photo. Corners and marks can be dragged; a drag between two corners makes a new one. */
export function DrawLayer({ lens, view, drawing, onStep, cross }: DrawLayerProps) {
  const { corners, closed, marks } = drawing;
  const px = 1 / view.zoom;
  const drag = (part: Part, index: number) => (event: PointerEvent<SVGCircleElement>) => {
    if (event.buttons === 0 || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    onStep({ do: "move", part, index, to: spotOf(event, lens) });
  };
  const grip = (part: Part, index: number, at: Spot) => (
    // biome-ignore lint/a11y/noStaticElementInteractions: by keyboard it is done with the cross
    <circle
      key={`${part}${index}`}
      className={styles.grip}
      cx={at.x}
      cy={at.y}
      r={GRIP_PX * px}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag(part, index)}
      onClick={() => part === "corners" && index === 0 && !closed && onStep({ do: "close" })}
      onDoubleClick={() => part === "corners" && closed && onStep({ do: "remove", index })}
    />
  );
  const Line = closed ? "polygon" : "polyline";
  return (
    <>
      <Line className={styles.halo} points={pointsOf(corners)} />
      <Line
        className={`${styles.line} ${styles.drawing} ${closed ? styles.closed : ""}`}
        points={pointsOf(corners)}
      />
      {drawing.crossing.map((edge) => (
        <polyline
          key={edge}
          className={`${styles.line} ${styles.crossing}`}
          points={pointsOf([edge, edge + 1].flatMap((at) => corners[at % corners.length] ?? []))}
        />
      ))}
      <polyline className={styles.halo} points={pointsOf(marks)} />
      <polyline className={`${styles.line} ${styles.scale}`} points={pointsOf(marks)} />
      {closed &&
        between(corners).map(({ before, at }) => (
          <g key={before}>
            <circle className={styles.between} cx={at.x} cy={at.y} r={DOT_PX * 0.8 * px} />
            <circle
              className={styles.grip}
              cx={at.x}
              cy={at.y}
              r={(GRIP_PX * px) / 2}
              onPointerDown={(event) => {
                event.currentTarget.setPointerCapture(event.pointerId);
                onStep({ do: "insert", before, at });
              }}
              onPointerMove={drag("corners", before)}
            />
          </g>
        ))}
      {corners.map((at, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a corner is its place in the order
        <circle key={index} className={styles.corner} cx={at.x} cy={at.y} r={DOT_PX * px} />
      ))}
      {marks.map((at, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a mark is its place in the order
        <Cross key={index} at={at} size={9 * px} />
      ))}
      {corners.map((at, index) => grip("corners", index, at))}
      {marks.map((at, index) => grip("marks", index, at))}
      {cross && <Cross at={cross.at} size={14 * px} held={cross.held} />}
    </>
  );
}

function spotOf(event: PointerEvent<SVGElement>, lens: Lens): Spot {
  const box = event.currentTarget.ownerSVGElement?.getBoundingClientRect();
  const at = { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  return onPhoto(toPhoto(lens.view(), lens.screen, at), lens.size);
}

/** The middle of every edge that is long enough to have one. */
function between(corners: readonly Spot[]): { before: number; at: Spot }[] {
  return corners.flatMap((corner, index) => {
    const next = corners[(index + 1) % corners.length];
    return next
      ? [{ before: index + 1, at: { x: (corner.x + next.x) / 2, y: (corner.y + next.y) / 2 } }]
      : [];
  });
}
