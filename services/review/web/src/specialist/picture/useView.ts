import { useEffect, useState } from "react";
import type { Size, View } from "./geometry";
import type { Lens } from "./lens";

/** What a viewer shows, and on how large a screen, kept up to date while it moves. */
export function useView(lens: Lens | undefined): { view: View; screen: Size } | undefined {
  const [seen, setSeen] = useState<{ view: View; screen: Size }>();
  useEffect(() => {
    if (!lens || lens.gone) return setSeen(undefined);
    const look = () => setSeen({ view: lens.view(), screen: lens.screen });
    look();
    return lens.watch(look);
  }, [lens]);
  return seen;
}
