/** Where to scroll so that a row can be seen. Rows are equally high and stand below a head that stays where it is. */

export interface View {
  /** How far it is scrolled, how high it is, and how much of that the head covers: in pixels. */
  offset: number;
  height: number;
  head: number;
}

/** As little as it takes: where it is when the row is in sight, with half a row to spare else. */
export function offsetFor(row: number, rowHeight: number, { offset, height, head }: View): number {
  const top = row * rowHeight;
  const least = top + rowHeight + head - height;
  if (offset > top) return Math.max(0, top - rowHeight / 2);
  if (offset < least) return least + rowHeight / 2;
  return offset;
}
