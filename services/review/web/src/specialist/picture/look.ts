/** How bright and how rich in contrast the pictures are shown. It is for looking only and changes no picture. */

export interface Look {
  /** Per cent, 100 as it is. */
  brightness: number;
  contrast: number;
}

export const AS_IT_IS: Look = { brightness: 100, contrast: 100 };
export const LOOK_RANGE = { min: 30, max: 250, step: 5 };

export function isChanged({ brightness, contrast }: Look): boolean {
  return brightness !== 100 || contrast !== 100;
}

/** One step more or less of something, within what can be seen. */
export function stepped(look: Look, what: keyof Look, steps: number): Look {
  const value = look[what] + steps * 2 * LOOK_RANGE.step;
  return { ...look, [what]: Math.min(Math.max(value, LOOK_RANGE.min), LOOK_RANGE.max) };
}

/** As CSS; nothing for a picture as it is. */
export function filter(look: Look): string | undefined {
  return isChanged(look) ? `brightness(${look.brightness}%) contrast(${look.contrast}%)` : undefined;
}
