import { useEffect, useRef } from "react";
import type { Spot } from "./geometry";
import type { Lens } from "./lens";

/** Takes the places of a photo that are clicked, while there is somebody who wants them. */
export function usePlaces(lens: Lens | undefined, take: ((spot: Spot) => void) | undefined): void {
  const latest = useRef(take);
  latest.current = take;
  const wanted = take !== undefined;
  useEffect(() => {
    if (!lens || !wanted) return;
    return lens.onPlace((spot) => latest.current?.(spot));
  }, [lens, wanted]);
}
