import { create } from "@bufbuild/protobuf";
import { timestampNow } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";
import { OutlineSchema } from "../../src/gen/samspil/wound/v1/outline_pb";
import { FindingsSchema } from "../../src/gen/samspil/wound/v1/visit_pb";
import { difference, outlinesOf, scaleToBeginWith } from "../../src/specialist/picture/measures";

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
const all = [withdrawn, plain, scaled, elsewhere];

test("a photo's outlines are those that stand, and its own", () => {
  expect(outlinesOf(photo, all)).toEqual([plain, scaled]);
});

test("a new drawing begins with the scale that stands on the photo", () => {
  expect(scaleToBeginWith(photo, all)).toEqual({
    marks: [
      { x: 1, y: 2 },
      { x: 301, y: 2 },
    ],
    millimetres: "30",
  });
  expect(scaleToBeginWith(photo, [plain])).toBeUndefined();
});

test("the difference is told where both have measured", () => {
  const found = difference(scaled, create(FindingsSchema, { lengthMm: 35 }));
  expect(found.length).toBeCloseTo(-3.6);
  expect(found.width).toBeUndefined();
  expect(difference(plain, create(FindingsSchema, { lengthMm: 35, widthMm: 20 }))).toEqual({});
});
