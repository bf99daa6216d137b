import { create } from "@bufbuild/protobuf";
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { PhotoState } from "../../src/gen/samspil/wound/v1/photo_pb";
import { type Visit, VisitSchema } from "../../src/gen/samspil/wound/v1/visit_pb";
import { byVisit, counterpart, readChoice, shotsOf, writeChoice } from "../../src/specialist/picture/choice";

function visit(day: number, photos: Record<string, PhotoState>): Visit {
  return create(VisitSchema, {
    name: `visits/${day}`,
    visitTime: timestampFromDate(new Date(2026, 0, day)),
    photos: Object.entries(photos).map(([photoId, state], index) => ({
      photoId,
      name: `photos/${photoId}`,
      state,
      captureTime: timestampFromDate(new Date(2026, 0, day, 10, index)),
    })),
  });
}

const { STORED, REFUSED, ANNOUNCED, WITHDRAWN } = PhotoState;
/** The newest first, as the contract gives them. */
const visits = [
  visit(15, { e: ANNOUNCED }),
  visit(8, { c: STORED, d: STORED, w: WITHDRAWN }),
  visit(1, { a: STORED, r: REFUSED, b: STORED }),
];
const shots = shotsOf(visits);
const chosen = (address: string) => {
  const { a, b, layout, lost } = readChoice(new URLSearchParams(address), shots);
  return { a: a?.photo.photoId, b: b?.photo.photoId, layout, lost };
};

describe("the photos", () => {
  test("stand from the oldest to the newest, without those that were taken back", () => {
    expect(shots.map(({ photo }) => photo.photoId)).toEqual(["a", "r", "b", "c", "d", "e"]);
    expect(byVisit(shots).map(([, ofVisit]) => ofVisit.length)).toEqual([3, 2, 1]);
  });
});

describe("the address", () => {
  test("shows the first stored photo of the newest visit when it says nothing", () => {
    expect(chosen("")).toEqual({ a: "c", b: undefined, layout: "side", lost: false });
  });

  test("names photos and layout", () => {
    expect(chosen("a=d&b=b&layout=swipe")).toEqual({ a: "d", b: "b", layout: "swipe", lost: false });
  });

  test("says so when a photo is not there or cannot be seen", () => {
    expect(chosen("a=gone")).toMatchObject({ a: "c", lost: true });
    expect(chosen("a=c&b=r")).toMatchObject({ a: "c", b: undefined, lost: true });
  });

  test("does not compare a photo with itself, nor in a layout that there is not", () => {
    expect(chosen("a=d&b=d&layout=upside-down")).toMatchObject({ b: undefined, layout: "side" });
  });

  test("keeps what others have written into it", () => {
    const before = new URLSearchParams("tab=answer&a=c&b=a&layout=fade");
    const { a, b } = readChoice(before, shots);
    expect(writeChoice(before, { a, b, layout: "side" }).toString()).toBe("tab=answer&a=c&b=a");
    expect(writeChoice(before, { a, b: undefined, layout: "fade" }).toString()).toBe("tab=answer&a=c");
  });

  test("has nothing to show before a photo is stored", () => {
    expect(readChoice(new URLSearchParams(), shotsOf([visit(1, { x: ANNOUNCED })])).a).toBeUndefined();
  });
});

describe("a comparison", () => {
  const of = (id: string) => {
    const shot = shots.find(({ photo }) => photo.photoId === id);
    return shot && counterpart(shots, shot)?.photo.photoId;
  };
  test("begins with the same place in the visit before", () => {
    expect(of("c")).toBe("a");
  });
  test("takes the nearest older photo where there is no such place", () => {
    expect(of("d")).toBe("b");
  });
  test("takes another one where nothing is older", () => {
    expect(of("a")).toBe("b");
  });
});
