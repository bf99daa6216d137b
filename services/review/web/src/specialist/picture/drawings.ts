/** What is being drawn on each photo. It is kept in memory for as long as the page is open, so that looking elsewhere loses nothing. */
import { useSyncExternalStore } from "react";
import { type Drawing, drawn, isWorth, type Step } from "./drawing";

interface Kept {
  drawing: Drawing;
  /** Put away by the person, who may want it back. */
  away: boolean;
}

const kept = new Map<string, Kept>();
const listeners = new Set<() => void>();

function keep(photo: string, what: Kept | undefined): void {
  if (what) kept.set(photo, what);
  else kept.delete(photo);
  for (const listener of listeners) listener();
}

export const drawings = {
  /** Begins one, unless one is there that goes on. One that corrects the same suggestion is taken back. */
  begin(photo: string, first: Drawing): void {
    const there = kept.get(photo);
    const goesOn =
      there && (!there.away || (first.suggestion && there.drawing.suggestion === first.suggestion));
    keep(photo, { drawing: goesOn ? there.drawing : first, away: false });
  },

  of(photo: string): Kept | undefined {
    return kept.get(photo);
  },

  /** Which suggestion is being corrected on a photo; `true` while another outline is drawn there, seen or not. */
  goingOn(photo: string): string | boolean {
    const there = kept.get(photo);
    return there && !there.away ? (there.drawing.suggestion ?? true) : false;
  },

  step(photo: string, step: Step): void {
    const there = kept.get(photo);
    if (there) keep(photo, { ...there, drawing: drawn(there.drawing, step) });
  },

  /** Puts it away; takes it back with `false`. */
  putAway(photo: string, away: boolean): void {
    const there = kept.get(photo);
    if (there) keep(photo, isWorth(there.drawing) ? { ...there, away } : undefined);
  },

  /** It is kept by the server now, or not wanted any more. */
  done(photo: string): void {
    keep(photo, undefined);
  },

  /** Whether closing the page would lose something. */
  any(): boolean {
    return [...kept.values()].some(({ drawing, away }) => !away && isWorth(drawing));
  },
};

/** The drawing on a photo, for a component. */
export function useDrawing(photo: string | undefined): Kept | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => (photo ? drawings.of(photo) : undefined),
  );
}
