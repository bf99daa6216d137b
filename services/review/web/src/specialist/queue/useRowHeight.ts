import { useSyncExternalStore } from "react";

const narrow = matchMedia("(max-width: 56rem)");
/** As in Queue.module.css: a line of a table, or a card on a narrow screen. */
const ROW_REM = { line: 4, card: 11.5 };

/** How high a row is in pixels, for the font size and the width that the person has. */
export function useRowHeight(): number {
  return useSyncExternalStore(
    (listener) => {
      narrow.addEventListener("change", listener);
      window.addEventListener("resize", listener);
      return () => {
        narrow.removeEventListener("change", listener);
        window.removeEventListener("resize", listener);
      };
    },
    () => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      return rem * (narrow.matches ? ROW_REM.card : ROW_REM.line);
    },
  );
}
