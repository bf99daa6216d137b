import { type KeyboardEvent, useCallback, useState } from "react";
import { atNext, type Crosshair, entered, movedBy, startOf, under } from "./crosshair";
import type { Drawing, Step } from "./drawing";
import { toScreen } from "./geometry";
import type { Lens } from "./lens";

/** The keys of drawing, and where their cross is. The handler tells whether a key was for it. */
export function useDrawKeys(
  lens: Lens | undefined,
  drawing: Drawing | undefined,
  onStep: (step: Step) => void,
  onCancel: () => void,
): { cross: Crosshair | undefined; forget: () => void; onKey: (event: KeyboardEvent) => boolean } {
  const [cross, setCross] = useState<Crosshair>();
  const forget = useCallback(() => setCross(undefined), []);
  const go = (lens: Lens, next: Crosshair) => {
    setCross(next);
    if (next.held) onStep({ do: "move", ...next.held, to: next.at });
    keepInSight(lens, next);
  };
  const onKey = (event: KeyboardEvent): boolean => {
    if (!lens || !drawing || event.ctrlKey || event.altKey || event.metaKey) return false;
    const view = lens.view();
    const now = startOf(cross, view, lens.size);
    const moved = movedBy(event.key, event.shiftKey, now, view, lens.size);
    if (moved) go(lens, moved);
    else if (event.key === "Enter") {
      const { cross: next, step } = entered(now, drawing, view);
      setCross(next);
      if (step) onStep(step);
    } else if (event.key === "n") go(lens, atNext({ at: now.at }, drawing, view));
    else if (event.key === "c") onStep({ do: "close" });
    else if (event.key === "Backspace") onStep({ do: "undo" });
    else if (event.key === "Delete") {
      const held = under(now, drawing, view);
      if (held?.part === "corners") onStep({ do: "remove", index: held.index });
    } else if (event.key === "Escape") onCancel();
    else return false;
    return true;
  };
  return { cross, forget, onKey };
}

function keepInSight(lens: Lens, { at }: Crosshair): void {
  const view = lens.view(false);
  const { x, y } = toScreen(view, lens.screen, at);
  const { width, height } = lens.screen;
  if (x < 0 || y < 0 || x > width || y > height) lens.show({ ...view, centre: at }, false);
}
