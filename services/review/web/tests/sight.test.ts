import { describe, expect, test } from "vitest";
import { offsetFor } from "../src/specialist/queue/sight";

describe("a row of 60 below a head of 30 in a window of 330", () => {
  const from = (offset: number, row: number) => offsetFor(row, 60, { offset, height: 330, head: 30 });

  test("that is in sight moves nothing", () => {
    for (const row of [0, 1, 4]) expect(from(0, row)).toBe(0);
    for (const row of [10, 14]) expect(from(600, row)).toBe(600);
  });

  test("below is brought to the lower edge, half a row above it", () => {
    expect(from(0, 5)).toBe(90);
    expect(from(590, 14)).toBe(630);
  });

  test("above is brought to the upper edge, half a row below it", () => {
    expect(from(610, 10)).toBe(570);
    expect(from(600, 3)).toBe(150);
    expect(from(600, 0)).toBe(0);
  });
});
