import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { codes } from "../src/nurse/camera/card/codes";
import { findCard } from "../src/nurse/camera/card/find";

const PAPER = 235;
const INK = 25;
const SKIN = 140;
const [WIDTH, HEIGHT] = [640, 480];

/** What a camera shows of a card that lies turned by an angle, its tag so many pixels wide; mirrored when asked for. */
function picture(code: number, side: number, degrees: number, mirrored = false) {
  const data = new Uint8ClampedArray(WIDTH * HEIGHT * 4).fill(255);
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const bits = code.toString(2).padStart(36, "0");
  const lightAt = (x: number, y: number) => {
    const [dx, dy] = [(mirrored ? WIDTH - x : x) - 400, y - 220];
    const u = ((dx * cos + dy * sin) / side) * 8 + 4;
    const v = ((dy * cos - dx * sin) / side) * 8 + 4;
    if (u < -2 || v < -2 || u > 10 || v > 10) return SKIN;
    if (u < 0 || v < 0 || u >= 8 || v >= 8) return PAPER;
    const [column, row] = [Math.floor(u) - 1, Math.floor(v) - 1];
    const inside = column >= 0 && row >= 0 && column < 6 && row < 6;
    return inside && bits[row * 6 + column] === "1" ? PAPER : INK;
  };
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      data.fill(lightAt(x + 0.5, y + 0.5), (y * WIDTH + x) * 4, (y * WIDTH + x) * 4 + 3);
    }
  }
  return { width: WIDTH, height: HEIGHT, data };
}

describe("a card before the camera", () => {
  test("is known by the patterns that are printed", () => {
    const source = readFileSync(new URL("../../../../crates/marker/src/code.rs", import.meta.url), "utf8");
    const [, table = ""] = /const PATTERNS: \[u64; 64\] = \[(.*?)\];/s.exec(source) ?? [];
    const printed = [...table.matchAll(/0x[0-9a-f_]+/g)].map(([code]) => Number(code.replaceAll("_", "")));
    expect(printed).toHaveLength(64);
    expect(codes).toEqual(printed);
  });

  test.each([0, 7, 45, 90, 203])("is read however it is turned: by %d degrees", (degrees) => {
    for (const number of [0, 2, 31, 63])
      expect(findCard(picture(codes[number] ?? 0, 96, degrees))).toBe(number);
  });

  test("is read when it is sixty pixels wide", () => {
    expect(findCard(picture(codes[5] ?? 0, 60, 12))).toBe(5);
  });

  test("that is mirrored, another family's, or not there is none", () => {
    expect(findCard(picture(codes[5] ?? 0, 96, 12, true))).toBeUndefined();
    expect(findCard(picture(0x123456789, 96, 12))).toBeUndefined();
    const nothing = {
      width: WIDTH,
      height: HEIGHT,
      data: new Uint8ClampedArray(WIDTH * HEIGHT * 4).fill(90),
    };
    expect(findCard(nothing)).toBeUndefined();
  });
});
