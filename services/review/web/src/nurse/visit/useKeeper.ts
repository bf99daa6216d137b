import { useEffect, useMemo, useSyncExternalStore } from "react";
import { Keeper, type Keeping } from "./keeper";

/** The form of a wound's visit, for as long as the page shows it. */
export function useKeeper(wound: string, more: string | undefined): [Keeper, Keeping] {
  const keeper = useMemo(() => new Keeper(wound, more), [wound, more]);
  useEffect(() => {
    const stop = new AbortController();
    void keeper.open(stop.signal);
    return () => stop.abort();
  }, [keeper]);
  return [keeper, useSyncExternalStore(keeper.subscribe, keeper.current)];
}
