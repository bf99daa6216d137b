import { describe, expect, test } from "vitest";
import { faults, type Luma, lumaOf, measure } from "../src/nurse/camera/measure";

function luma(width: number, height: number, value: (x: number, y: number) => number): Luma {
  const samples = Uint8Array.from({ length: width * height }, (_, at) =>
    value(at % width, Math.floor(at / width)),
  );
  return { width, height, samples };
}

const squares = (x: number, y: number) => (((x >> 2) + (y >> 2)) % 2 ? 150 : 90);
const verdict = (picture: Luma) => faults(measure(picture), 12);

describe("a picture", () => {
  test("that is sharp and well lit is good", () => {
    expect(verdict(luma(400, 300, squares))).toEqual([]);
    expect(measure(luma(400, 300, squares)).mean).toBeCloseTo(120);
  });

  test("without a detail is blurred, whatever its light", () => {
    expect(verdict(luma(400, 300, (x) => 60 + x / 3))).toEqual(["BLURRED"]);
    expect(verdict(luma(400, 300, () => 0))).toEqual(["TOO_DARK", "BLURRED"]);
    expect(verdict(luma(400, 300, () => 255))).toEqual(["TOO_BRIGHT", "BLURRED"]);
  });

  test("with a glare over a third of it is too bright, half in the dark too dark", () => {
    expect(verdict(luma(400, 300, (x, y) => (x < 133 ? 255 : squares(x, y))))).toEqual(["TOO_BRIGHT"]);
    expect(verdict(luma(400, 300, (x, y) => (x < 200 ? 0 : squares(x, y))))).toEqual(["TOO_DARK"]);
  });

  test("with grain alone is not sharp", () => {
    let seed = 1;
    const grain = () => {
      seed = (seed * 16807) % 2147483647;
      return 120 + (seed % 5) - 2;
    };
    expect(verdict(luma(400, 300, grain))).toEqual(["BLURRED"]);
  });

  test("of few pixels is small, and of hardly any no trouble", () => {
    expect(faults(measure(luma(400, 300, squares)), 0.12)).toEqual(["TOO_SMALL"]);
    for (const side of [1, 2, 3, 5])
      expect(measure(luma(side, side, squares)).sharpness).toBeGreaterThanOrEqual(0);
  });

  test("has the luma that its colours have", () => {
    const data = new Uint8ClampedArray([255, 255, 255, 255, 255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255]);
    const { samples } = lumaOf({ width: 2, height: 2, data } as ImageData);
    expect([...samples]).toEqual([255, 76, 149, 29]);
  });
});
