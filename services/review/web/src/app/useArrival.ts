/** A new page begins at its top, and where nothing has the focus any more, with it: a screen reader goes on from there. */
import { useEffect } from "react";
import { NavigationType, useLocation, useNavigationType } from "react-router";

export function useArrival(): void {
  const { pathname, hash } = useLocation();
  const how = useNavigationType();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new address is an arrival
  useEffect(() => {
    if (how === NavigationType.Pop || hash) return;
    window.scrollTo(0, 0);
    if (document.activeElement === document.body)
      document.getElementById("main")?.focus({ preventScroll: true });
  }, [pathname]);
}
