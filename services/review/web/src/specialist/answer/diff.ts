/** What two texts have in common, and what only one of them has. */

export interface Piece {
  kind: "same" | "gone" | "new";
  text: string;
}

/** Word by word, the blanks kept. */
export function diffWords(before: string, after: string): Piece[] {
  const words = (text: string) => text.split(/(\s+)/).filter(Boolean);
  return diff(words(before), words(after)).reduce<Piece[]>((pieces, piece) => {
    const last = pieces.at(-1);
    if (last?.kind === piece.kind) last.text += piece.text;
    else pieces.push({ ...piece });
    return pieces;
  }, []);
}

/** The shortest way from one list to another: what stays, what goes, what comes. */
export function diff(before: readonly string[], after: readonly string[]): Piece[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const as = (kind: Piece["kind"]) => (text: string) => ({ kind, text });
  return [
    ...before.slice(0, start).map(as("same")),
    ...middle(before.slice(start, before.length - end), after.slice(start, after.length - end)),
    ...before.slice(before.length - end).map(as("same")),
  ];
}

function middle(a: readonly string[], b: readonly string[]): Piece[] {
  // common[i][j]: how much a from i on and b from j on have in common.
  const common = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  const at = (i: number, j: number) => common[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    const row = common[i];
    if (!row) continue;
    for (let j = b.length - 1; j >= 0; j--) {
      row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [x, y] = [a[i], b[j]];
    if (x !== undefined && x === y) {
      pieces.push({ kind: "same", text: x });
      i++;
      j++;
    } else if (x !== undefined && (y === undefined || at(i + 1, j) >= at(i, j + 1))) {
      pieces.push({ kind: "gone", text: x });
      i++;
    } else if (y !== undefined) {
      pieces.push({ kind: "new", text: y });
      j++;
    }
  }
  return pieces;
}
