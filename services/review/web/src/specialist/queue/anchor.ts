/** Keeps still what a person looks at while rows come and go above it. */

interface Seen {
  names: readonly string[];
  /** The row that the pointer is on. */
  pointed: string | undefined;
  active: string | undefined;
  /** The first and last row that can be seen, by their places. */
  first: number;
  last: number;
}

/** The row to keep where it is: under the pointer, else the active one, else the first that can be seen. */
export function anchorOf({ names, pointed, active, first, last }: Seen): string | undefined {
  const inSight = (name: string | undefined) => {
    const at = name === undefined ? -1 : names.indexOf(name);
    return at >= first && at <= last;
  };
  if (inSight(pointed)) return pointed;
  if (inSight(active)) return active;
  // At the very top somebody waits for what comes in.
  return first > 0 ? names[first] : undefined;
}

/** By how many rows the anchor has moved. None when it is gone. */
export function shift(
  anchor: string | undefined,
  before: readonly string[],
  after: readonly string[],
): number {
  if (anchor === undefined) return 0;
  const [from, to] = [before.indexOf(anchor), after.indexOf(anchor)];
  return from < 0 || to < 0 ? 0 : to - from;
}

/** The active row by its place: where it is now, else what has come to stand where it was. */
export function activeAt(names: readonly string[], active: string | undefined, before: number): number {
  const at = active === undefined ? -1 : names.indexOf(active);
  return at >= 0 ? at : Math.max(0, Math.min(before, names.length - 1));
}
