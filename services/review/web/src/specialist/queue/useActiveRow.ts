import { useCallback, useState } from "react";
import { activeAt } from "./anchor";

interface ActiveRow {
  /** Its place; 0 in an empty queue. */
  at: number;
  name: string | undefined;
  choose: (name: string | undefined) => void;
}

/** The row that keys act on. It is kept by its name while rows come and go; its neighbour follows when it leaves. */
export function useActiveRow(names: readonly string[], initial: string | undefined): ActiveRow {
  const [active, setActive] = useState({ name: initial, at: 0 });
  const at = activeAt(names, active.name, active.at);
  // While the queue is not read yet, nothing has left it.
  const moved =
    active.name !== undefined && names.length > 0 && (names[at] !== active.name || at !== active.at);
  if (moved) setActive({ name: names[at], at });
  const choose = useCallback((name: string | undefined) => setActive((now) => ({ ...now, name })), []);
  return { at, name: names[at], choose };
}
