/**
 * Whether a picture is sharp and well lit, before it is sent. The measures and thresholds mean what they mean to the server, which has
 * the last word: sharpness is the variance of the Laplacian of the smoothed luma at about one megapixel, light the share of
 * pixels that show nothing.
 */

export interface Luma {
  width: number;
  height: number;
  /** One byte a pixel, row by row. */
  samples: Uint8Array;
}

export interface Measures {
  sharpness: number;
  mean: number;
  /** Shares of pixels, 0 to 1. */
  dark: number;
  bright: number;
}

export type Fault = "BLURRED" | "TOO_DARK" | "TOO_BRIGHT" | "TOO_SMALL";

/** Pixels of the picture in which sharpness is measured; a smaller picture is taken as it is. */
export const WORKING_PIXELS = 1_000_000;
const SHARPNESS = 3;
const DARK = { luma: 8, mean: 60, share: 0.4 };
const BRIGHT = { luma: 250, mean: 215, share: 0.25 };

/** The luma of what a canvas gives. */
export function lumaOf({ width, height, data }: ImageData): Luma {
  const samples = new Uint8Array(width * height);
  for (let at = 0, from = 0; at < samples.length; at++, from += 4) {
    // Rec. 601 in 16 bits, as JPEG has it.
    samples[at] =
      ((data[from] ?? 0) * 19595 + (data[from + 1] ?? 0) * 38470 + (data[from + 2] ?? 0) * 7471) >> 16;
  }
  return { width, height, samples };
}

export function measure(luma: Luma): Measures {
  const { samples } = luma;
  let sum = 0;
  let dark = 0;
  let bright = 0;
  for (const value of samples) {
    sum += value;
    if (value <= DARK.luma) dark++;
    else if (value >= BRIGHT.luma) bright++;
  }
  const count = samples.length;
  return { sharpness: sharpness(luma), mean: sum / count, dark: dark / count, bright: bright / count };
}

/** What is wrong, the most important first. */
export function faults({ sharpness, mean, dark, bright }: Measures, megapixels: number): Fault[] {
  const found: [boolean, Fault][] = [
    [mean < DARK.mean || dark > DARK.share, "TOO_DARK"],
    [mean > BRIGHT.mean || bright > BRIGHT.share, "TOO_BRIGHT"],
    [sharpness < SHARPNESS, "BLURRED"],
    [megapixels < 1, "TOO_SMALL"],
  ];
  return found.filter(([is]) => is).map(([, fault]) => fault);
}

/** Smoothed first (1 2 1 by 1 2 1): a sensor's grain would pass a blurred picture off as a sharp one. */
function sharpness({ width, height, samples }: Luma): number {
  const w = width - 2;
  const h = height - 2;
  if (w < 3 || h < 3) return 0;
  const smooth = new Int32Array(w * h);
  const across = (at: number) => (samples[at] ?? 0) + 2 * (samples[at + 1] ?? 0) + (samples[at + 2] ?? 0);
  for (let y = 0, to = 0; y < h; y++) {
    for (let x = 0, at = y * width; x < w; x++, at++, to++) {
      smooth[to] = across(at) + 2 * across(at + width) + across(at + 2 * width);
    }
  }
  let sum = 0;
  let squares = 0;
  for (let y = 1; y < h - 1; y++) {
    for (let at = y * w + 1; at < (y + 1) * w - 1; at++) {
      const value =
        (smooth[at - 1] ?? 0) +
        (smooth[at + 1] ?? 0) +
        (smooth[at - w] ?? 0) +
        (smooth[at + w] ?? 0) -
        4 * (smooth[at] ?? 0);
      sum += value;
      squares += value * value;
    }
  }
  const count = (w - 2) * (h - 2);
  const mean = sum / count;
  return (squares / count - mean * mean) / 256;
}
