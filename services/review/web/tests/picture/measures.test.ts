import { create } from "@bufbuild/protobuf";
import { timestampNow } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { MeasureMethod, MeasuresSchema, OutlineSchema } from "../../src/gen/samspil/wound/v1/outline_pb";
import { MarkerSchema, PhotoSchema } from "../../src/gen/samspil/wound/v1/photo_pb";
import { FindingsSchema } from "../../src/gen/samspil/wound/v1/visit_pb";
import {
  difference,
  isSteep,
  methodOf,
  outlinesOf,
  pixelsPerMm,
  scaleToBeginWith,
} from "../../src/specialist/picture/measures";
import { areaInCm2, size, withMargin } from "../../src/specialist/picture/told";

const photo = "patients/p/wounds/w/visits/v/photos/1";
const calibration = { start: { x: 1, y: 2 }, end: { x: 301, y: 2 }, distanceMm: 30 };
const plain = create(OutlineSchema, { name: `${photo}/outlines/newest` });
const scaled = create(OutlineSchema, {
  name: `${photo}/outlines/older`,
  calibration,
  measures: { areaPx: 9, areaMm2: 420, lengthMm: 31.4, widthMm: 18 },
});
const withdrawn = create(OutlineSchema, {
  name: `${photo}/outlines/wrong`,
  calibration: { ...calibration, distanceMm: 7 },
  withdrawTime: timestampNow(),
});
const elsewhere = create(OutlineSchema, { name: `${photo}0/outlines/x`, calibration });
const withoutCard = create(PhotoSchema, { name: photo });
const corners = [0, 1, 2, 3].map((i) => ({ x: i === 1 || i === 2 ? 250 : 0, y: i > 1 ? 250 : 0 }));
const withCard = create(PhotoSchema, { name: photo, marker: { number: 3, sideMm: 25, corners } });
const all = [withdrawn, plain, scaled, elsewhere];

test("a photo's outlines are those that stand, and its own", () => {
  expect(outlinesOf(photo, all)).toEqual([plain, scaled]);
});

test("a new drawing begins with the scale that stands on the photo", () => {
  expect(scaleToBeginWith(withoutCard, all)).toEqual({
    marks: [
      { x: 1, y: 2 },
      { x: 301, y: 2 },
    ],
    millimetres: "30",
  });
  expect(scaleToBeginWith(withoutCard, [plain])).toBeUndefined();
});

test("where a card lies it tells the scale, and no two points are taken over", () => {
  expect(scaleToBeginWith(withCard, all)).toBeUndefined();
  expect(pixelsPerMm(withCard, all)).toBeCloseTo(10);
  expect(pixelsPerMm(withoutCard, all)).toBeCloseTo(10);
  expect(pixelsPerMm(withoutCard, [plain])).toBeUndefined();
});

test("a card seen at more than 30 degrees is steep", () => {
  const tilted = (tiltDegrees: number) => isSteep(create(MarkerSchema, { tiltDegrees }));
  expect([tilted(30), tilted(30.1)]).toEqual([false, true]);
});

test("measures from before methods were told are by two points", () => {
  const method = (init: Parameters<typeof create<typeof MeasuresSchema>>[1]) =>
    methodOf(create(MeasuresSchema, init));
  expect(method({ areaPx: 9 })).toBe(MeasureMethod.UNSPECIFIED);
  expect(method({ areaPx: 9, areaMm2: 4 })).toBe(MeasureMethod.TWO_POINTS);
  expect(method({ areaMm2: 4, method: MeasureMethod.MARKER })).toBe(MeasureMethod.MARKER);
});

test("what stands behind ± is two standard uncertainties, rounded up", () => {
  const measures = create(MeasuresSchema, { areaMm2: 420, areaUncertaintyMm2: 15.2 });
  expect(areaInCm2(measures)).toBe("4,2 ± 0,31 cm²");
  expect(areaInCm2(create(MeasuresSchema, { areaMm2: 420 }))).toBe("4,2 cm²");
  expect(areaInCm2(create(MeasuresSchema, {}))).toBeUndefined();
  expect(size(31.42, 18, { length: 0.6 })).toBe("31,4 ± 1,2 × 18 mm");
  expect(size(undefined, 18.4)).toBe("? × 18 mm");
  expect(size(undefined, undefined)).toBe("");
  expect(withMargin(3, 0.001, 1)).toBe("3 ± 0,1");
});

test("the difference is told where both have measured", () => {
  const found = difference(scaled, create(FindingsSchema, { lengthMm: 35 }));
  expect(found.length).toBeCloseTo(-3.6);
  expect(found.width).toBeUndefined();
  expect(difference(plain, create(FindingsSchema, { lengthMm: 35, widthMm: 20 }))).toEqual({});
});
