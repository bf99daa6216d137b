import { useEffect, useRef } from "react";
import type { Drawing } from "./drawing";
import { viewOf } from "./geometry";
import type { Lens } from "./lens";

/** So much of the screen a suggestion fills while it is corrected: large enough to take hold of its corners. */
const SHARE = 0.6;

/** Brings a suggestion close when somebody begins to correct it. */
export function useFocus(lens: Lens | undefined, drawing: Drawing | undefined): void {
  const corners = useRef(drawing?.corners);
  corners.current = drawing?.corners;
  const suggestion = drawing?.suggestion;
  useEffect(() => {
    if (!lens || lens.gone || !suggestion || !corners.current) return;
    const view = viewOf(corners.current, lens.screen, SHARE, lens.view(false).turn);
    if (Number.isFinite(view.zoom)) lens.show(view, false);
  }, [lens, suggestion]);
}
