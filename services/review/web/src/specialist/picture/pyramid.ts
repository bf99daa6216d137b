/** The levels of a photo: the whole at the top, half of it at each step down, cut into tiles. */
import type { Size } from "./geometry";

export const TILE_PX = 512;

/** The longest side of the display picture. */
const DISPLAY_PX = 1600;

export function longest({ width, height }: Size): number {
  return Math.max(width, height);
}

/** The level of the whole photo. */
export function topLevel(size: Size): number {
  return Math.ceil(Math.log2(Math.max(longest(size), 1)));
}

/** The lowest level that shows more than the display picture does; none when even the whole photo does not. */
export function firstDetailLevel(size: Size): number | undefined {
  if (longest(size) <= DISPLAY_PX) return undefined;
  const top = topLevel(size);
  const steps = Math.floor(Math.log2(longest(size) / DISPLAY_PX));
  // Where a step down is the display picture's own size, it shows nothing more.
  return longest(size) / 2 ** steps > DISPLAY_PX ? top - steps : top - steps + 1;
}

/** Whether the screen has more pixels for the photo than the display picture can fill. */
export function wantsDetail(size: Size, zoom: number, pixelRatio: number): boolean {
  return longest(size) > DISPLAY_PX && longest(size) * zoom * pixelRatio > DISPLAY_PX;
}
