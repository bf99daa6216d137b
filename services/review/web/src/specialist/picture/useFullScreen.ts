import { type RefObject, useCallback } from "react";

/** Gives the whole screen to an element, and takes it back. */
export function useFullScreen(element: RefObject<HTMLElement | null>): () => void {
  return useCallback(() => {
    // A browser that refuses says so itself, and nothing has changed.
    if (document.fullscreenElement) document.exitFullscreen().catch(() => undefined);
    else element.current?.requestFullscreen().catch(() => undefined);
  }, [element]);
}
