import type { PointerEvent } from "react";
import styles from "./Stage.module.css";

/** The line between two photos, to be dragged. The slider below the pictures does the same for everybody else. */
export function Divider({ onShare }: { onShare: (share: number) => void }) {
  const drag = (event: PointerEvent<HTMLSpanElement>) => {
    const stage = event.currentTarget.parentElement;
    if (!stage || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const { left, width } = stage.getBoundingClientRect();
    onShare(Math.min(Math.max((event.clientX - left) / width, 0), 1));
  };
  return (
    <span
      className={styles.divider}
      aria-hidden="true"
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
    />
  );
}
