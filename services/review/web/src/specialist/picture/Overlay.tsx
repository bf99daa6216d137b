import type { ReactNode } from "react";
import type { View } from "./geometry";
import type { Lens } from "./lens";
import styles from "./Overlay.module.css";
import { useView } from "./useView";

/** Lines over a photo, in its own pixels. Lines keep their width and marks their size however far it is zoomed. */
export function Overlay({ lens, children }: { lens: Lens; children: (view: View) => ReactNode }) {
  const seen = useView(lens);
  if (!seen) return null;
  const { view, screen } = seen;
  const place = [
    `translate(${screen.width / 2} ${screen.height / 2})`,
    `rotate(${view.turn})`,
    `scale(${view.zoom})`,
    `translate(${-view.centre.x} ${-view.centre.y})`,
  ];
  return (
    <svg className={styles.overlay} aria-hidden="true">
      <g transform={place.join(" ")}>{children(view)}</g>
    </svg>
  );
}
