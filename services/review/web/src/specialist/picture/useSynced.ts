import { useEffect } from "react";
import { followed } from "./align";
import { inverse, type Similarity } from "./geometry";
import type { Lens } from "./lens";

/** Keeps two viewers at the same place: the one that a person holds leads, the other follows. */
export function useSynced(a: Lens | undefined, b: Lens | undefined, map: Similarity | undefined): void {
  useEffect(() => {
    if (!a || !b || !map) return;
    let leader = a;
    a.onHeld = () => {
      leader = a;
    };
    b.onHeld = () => {
      leader = b;
    };
    const back = inverse(map);
    const follow = () => {
      // One of them may just have made room for another photo's.
      if (a.gone || b.gone) return;
      if (leader === a) b.show(followed(a.view(), map), true);
      else a.show(followed(b.view(), back), true);
    };
    follow();
    const stop = [a.watch(follow), b.watch(follow)];
    return () => {
      for (const one of stop) one();
      delete a.onHeld;
      delete b.onHeld;
    };
  }, [a, b, map]);
}
