import { expect, test } from "vitest";
import { firstDetailLevel, topLevel, wantsDetail } from "../../src/specialist/picture/pyramid";

test.each([
  [1, 0],
  [512, 9],
  [513, 10],
  [4032, 12],
  [4096, 12],
  [4097, 13],
])("a photo of %i px has its top at level %i", (width, top) => {
  expect(topLevel({ width, height: 1 })).toBe(top);
});

test("the first level of detail is the lowest that is larger than the display picture", () => {
  expect(firstDetailLevel({ width: 1600, height: 1200 })).toBeUndefined();
  expect(firstDetailLevel({ width: 1601, height: 1200 })).toBe(11);
  expect(firstDetailLevel({ width: 3024, height: 4032 })).toBe(11);
  expect(firstDetailLevel({ width: 3200, height: 2400 })).toBe(12);
  expect(firstDetailLevel({ width: 8000, height: 6000 })).toBe(11);
});

test("detail is wanted once the screen has more pixels than the display picture", () => {
  const size = { width: 4000, height: 3000 };
  expect(wantsDetail(size, 0.4, 1)).toBe(false);
  expect(wantsDetail(size, 0.41, 1)).toBe(true);
  expect(wantsDetail(size, 0.25, 2)).toBe(true);
  expect(wantsDetail({ width: 1200, height: 900 }, 8, 2)).toBe(false);
});
