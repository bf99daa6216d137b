import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { MarkerSchema } from "../../src/gen/samspil/wound/v1/photo_pb";
import {
  byMarkers,
  fitted,
  followed,
  grown,
  moved,
  toScale,
  turned,
} from "../../src/specialist/picture/align";
import {
  apply,
  distance,
  inverse,
  onPhoto,
  type Similarity,
  type Spot,
  scaleOf,
  similarity,
  through,
  toPhoto,
  toScreen,
  turnOf,
  type View,
  viewOf,
} from "../../src/specialist/picture/geometry";

const screen = { width: 800, height: 600 };
const view: View = { centre: { x: 1000, y: 700 }, zoom: 0.4, turn: 30 };

function near(found: Spot | undefined, wanted: Spot): void {
  expect(found?.x).toBeCloseTo(wanted.x, 6);
  expect(found?.y).toBeCloseTo(wanted.y, 6);
}

describe("a view", () => {
  test("shows its centre in the middle of the screen", () => {
    near(toScreen(view, screen, view.centre), { x: 400, y: 300 });
  });

  test("turns clockwise: what was to the right is below after a quarter", () => {
    near(toScreen({ ...view, turn: 90 }, screen, { x: 1100, y: 700 }), { x: 400, y: 340 });
  });

  test("finds the place again that it shows", () => {
    near(toPhoto(view, screen, toScreen(view, screen, { x: 12, y: 1900 })), { x: 12, y: 1900 });
  });
});

describe("a similarity", () => {
  test("goes through two pairs of places", () => {
    const [a1, a2, b1, b2] = [
      { x: 10, y: 20 },
      { x: 110, y: 20 },
      { x: 500, y: 500 },
      { x: 500, y: 700 },
    ];
    const map = through([a1, a2], [b1, b2]) as Similarity;
    near(apply(map, a1), b1);
    near(apply(map, a2), b2);
    expect(scaleOf(map)).toBeCloseTo(2);
    expect(turnOf(map)).toBeCloseTo(90);
  });

  test("is none through one place", () => {
    const spot = { x: 1, y: 1 };
    expect(through([spot, spot], [spot, { x: 2, y: 2 }])).toBeUndefined();
    expect(through([spot, { x: 2, y: 2 }], [spot, spot])).toBeUndefined();
  });

  test("is undone by its inverse", () => {
    const map = similarity(1.7, -40, { x: 3, y: 4 }, { x: 900, y: 10 });
    near(apply(inverse(map), apply(map, { x: 77, y: -5 })), { x: 77, y: -5 });
  });
});

describe("one photo over another", () => {
  const a = { width: 4000, height: 3000 };
  const b = { width: 1500, height: 2000 };
  const at: View = { centre: { x: 1200, y: 800 }, zoom: 0.25, turn: 15 };
  const onScreen = (map: Similarity, spot: Spot) => toScreen(followed(at, map), screen, apply(map, spot));

  test("begins middle on middle and equally large", () => {
    near(apply(fitted(a, b), { x: 2000, y: 1500 }), { x: 750, y: 1000 });
    expect(scaleOf(fitted(a, b))).toBeCloseTo(0.5);
  });

  test("shows matching places at the same place of the screen, however it is turned and sized", () => {
    const map = similarity(0.7, 25, { x: 100, y: 200 }, { x: 900, y: 50 });
    for (const spot of [at.centre, { x: 100, y: 200 }, { x: 3900, y: 2900 }])
      near(onScreen(map, spot), toScreen(at, screen, spot));
  });

  test("leads back to the view that it came from", () => {
    const map = similarity(0.7, 25, { x: 100, y: 200 }, { x: 900, y: 50 });
    const back = followed(followed(at, map), inverse(map));
    near(back.centre, at.centre);
    expect(back.zoom).toBeCloseTo(at.zoom);
    expect(back.turn).toBeCloseTo(at.turn);
  });

  test("moves by the pixels of the screen", () => {
    const map = similarity(0.7, 25, { x: 100, y: 200 }, { x: 900, y: 50 });
    const before = toScreen(followed(at, map), screen, { x: 300, y: 300 });
    const nudged = moved(map, followed(at, map), { x: 4, y: -6 });
    near(toScreen(followed(at, nudged), screen, { x: 300, y: 300 }), { x: before.x + 4, y: before.y - 6 });
  });

  test("grows and turns around the middle of what is looked at", () => {
    const map = fitted(a, b);
    const larger = grown(map, at.centre, 1.1);
    near(apply(larger, at.centre), apply(map, at.centre));
    expect(followed(at, larger).zoom).toBeCloseTo(followed(at, map).zoom * 1.1);
    const clockwise = turned(map, at.centre, 5);
    near(apply(clockwise, at.centre), apply(map, at.centre));
    expect(followed(at, clockwise).turn).toBeCloseTo(followed(at, map).turn + 5);
  });

  test("has a millimetre of the same length on the screen once both scales are known", () => {
    const map = toScale(fitted(a, b), at.centre, 20, 10);
    expect(at.zoom * 20).toBeCloseTo(followed(at, map).zoom * 10);
  });
});

describe("card on card", () => {
  const square = [
    { x: 100, y: 100 },
    { x: 300, y: 100 },
    { x: 300, y: 300 },
    { x: 100, y: 300 },
  ];
  const card = (corners: Spot[], sideMm = 25) => create(MarkerSchema, { number: 7, corners, sideMm });

  test("has scale and turn of the card, and lays its corners on each other", () => {
    const seen = similarity(0.6, 70, { x: 100, y: 100 }, { x: 900, y: 400 });
    const map = byMarkers(card(square), card(square.map((spot) => apply(seen, spot)))) as Similarity;
    for (const spot of [...square, { x: 4000, y: 5 }]) near(apply(map, spot), apply(seen, spot));
  });

  test("makes a millimetre as long in both, whatever the sizes of the cards", () => {
    const map = byMarkers(card(square, 25), card(square, 50)) as Similarity;
    expect(scaleOf(map)).toBeCloseTo(0.5);
    near(apply(map, { x: 200, y: 200 }), { x: 200, y: 200 });
  });

  test("is the nearest where one of them was seen aslant", () => {
    const aslant = square.map(({ x, y }) => ({ x: 200 + (x - 200) * 0.7, y: y + (x - 200) * 0.1 }));
    const map = byMarkers(card(square), card(aslant)) as Similarity;
    near(apply(map, { x: 200, y: 200 }), { x: 200, y: 200 });
    const missed = (by: Similarity) =>
      square.reduce((sum, spot, i) => sum + distance(apply(by, spot), aslant[i] as Spot) ** 2, 0);
    for (const other of [grown(map, { x: 0, y: 0 }, 1.02), turned(map, { x: 200, y: 200 }, 1)])
      expect(missed(other)).toBeGreaterThan(missed(map));
  });

  test("is none for a card without an extent", () => {
    expect(byMarkers(card(square), card(Array(4).fill({ x: 1, y: 1 })))).toBeUndefined();
    expect(byMarkers(card([]), card([]))).toBeUndefined();
  });
});

describe("a view of some places", () => {
  const spots = [
    { x: 900, y: 100 },
    { x: 1300, y: 100 },
    { x: 1300, y: 200 },
  ];
  test.each([0, 90, 33])("has them within its share of the screen at a turn of %i degrees", (turn) => {
    const seen = spots.map((spot) => toScreen(viewOf(spots, screen, 0.6, turn), screen, spot));
    const [xs, ys] = [seen.map(({ x }) => x), seen.map(({ y }) => y)];
    const wide = (Math.max(...xs) - Math.min(...xs)) / screen.width;
    const high = (Math.max(...ys) - Math.min(...ys)) / screen.height;
    expect(Math.max(wide, high)).toBeCloseTo(0.6);
    expect((Math.max(...xs) + Math.min(...xs)) / 2).toBeCloseTo(400);
    expect((Math.max(...ys) + Math.min(...ys)) / 2).toBeCloseTo(300);
  });
});

test("a place off the photo is brought back to its edge", () => {
  expect(onPhoto({ x: -3, y: 700 }, screen)).toEqual({ x: 0, y: 600 });
  expect(distance({ x: 0, y: 0 }, { x: 3, y: 4 })).toBe(5);
});
