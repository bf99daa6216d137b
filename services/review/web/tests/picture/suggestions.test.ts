import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { PhotoSchema } from "../../src/gen/samspil/wound/v1/photo_pb";
import { SuggestionSchema, SuggestionState } from "../../src/gen/samspil/wound/v1/suggestion_pb";
import { areaOf, type Spot } from "../../src/specialist/picture/geometry";
import { openOn, sureness, thinned } from "../../src/specialist/picture/suggestions";

const photo = "patients/p/wounds/w/visits/v/photos/1";
const square = (side: number): Spot[] => [
  { x: 0, y: 0 },
  { x: side, y: 0 },
  { x: side, y: side },
  { x: 0, y: side },
];
const suggestion = (id: string, modelVersion: string, state = SuggestionState.OPEN, side = 10) =>
  create(SuggestionSchema, {
    name: `${photo}/suggestions/${id}`,
    modelVersion,
    state,
    points: square(side),
  });
const ids = (analysisVersion: string, ...all: Parameters<typeof openOn>[1]) =>
  openOn(create(PhotoSchema, { name: photo, analysisVersion }), all).map(
    ({ suggestion: { name }, place }) => `${name.slice(-1)}${place ?? ""}`,
  );

describe("the suggestions of a photo", () => {
  test("are those of the version that looked last, even where that found none", () => {
    const all = [suggestion("a", "2"), suggestion("b", "1")];
    expect(ids("2", ...all)).toEqual(["a"]);
    expect(ids("3", ...all)).toEqual([]);
    expect(ids("", ...all)).toEqual([]);
  });

  test("are its own", () => {
    const elsewhere = { name: `${photo}0/suggestions/x`, modelVersion: "1", state: SuggestionState.OPEN };
    expect(ids("1", create(SuggestionSchema, elsewhere))).toEqual([]);
  });

  test("have numbers that stay when others are decided, the largest first", () => {
    const [small, large] = [suggestion("s", "1"), suggestion("l", "1", SuggestionState.OPEN, 30)];
    const decided = suggestion("d", "1", SuggestionState.CONFIRMED, 20);
    expect(ids("1", small, decided, large)).toEqual(["l1", "s3"]);
    expect(ids("1", small)).toEqual(["s"]);
  });
});

test.each([
  [0.97, "high"],
  [0.9, "high"],
  [0.89, "middling"],
  [0.75, "middling"],
  [0.74, "low"],
  [0, "low"],
])("a confidence of %d is %s", (confidence, word) => {
  expect(sureness(confidence)).toBe(word);
});

describe("a thinned edge", () => {
  /** A lobed edge with a bay, such as a model finds. */
  const lobed = (count: number) =>
    Array.from({ length: count }, (_, i): Spot => {
      const angle = (2 * Math.PI * i) / count;
      const radius = 400 + 90 * Math.sin(3 * angle) + 25 * Math.sin(11 * angle);
      return { x: 1000 + radius * Math.cos(angle), y: 800 + radius * Math.sin(angle) };
    });

  test("has few corners, all of them its own, and nearly its area", () => {
    const points = lobed(200);
    const corners = thinned(points);
    expect(corners.length).toBeLessThanOrEqual(40);
    expect(points).toEqual(expect.arrayContaining(corners));
    expect(Math.abs(areaOf(corners) / areaOf(points) - 1)).toBeLessThan(0.02);
  });

  test("has the fewer corners the smoother it is", () => {
    const round = Array.from({ length: 180 }, (_, i) => {
      const angle = (Math.PI * i) / 90;
      return { x: 300 * Math.cos(angle), y: 200 * Math.sin(angle) };
    });
    const corners = thinned(round);
    expect(corners.length).toBeLessThan(36);
    expect(Math.abs(areaOf(corners) / areaOf(round) - 1)).toBeLessThan(0.015);
  });

  test("keeps every corner where there are few", () => {
    expect(thinned(square(9))).toEqual(square(9));
  });

  test("never crosses itself, however narrow its bays are", () => {
    // A comb: long teeth so narrow that the small triangles are not the harmless ones.
    const comb = [
      { x: 0, y: 1000 },
      ...Array.from({ length: 30 }, (_, i): Spot[] => [
        { x: 20 * i, y: 0 },
        { x: 20 * i + 9, y: i % 2 ? 3 : 0 },
        { x: 20 * i + 10, y: 990 },
        { x: 20 * i + 19, y: 990 },
      ]).flat(),
      { x: 600, y: 1000 },
    ];
    expect(crossings(comb)).toBe(0);
    for (const most of [90, 60, 40, 12]) {
      const corners = thinned(comb, most);
      expect(crossings(corners)).toBe(0);
      expect(corners.length).toBeLessThanOrEqual(most);
    }
  });
});

/** How many pairs of edges that are no neighbours meet. */
function crossings(corners: readonly Spot[]): number {
  const edges = corners.map((corner, i) => [corner, corners[(i + 1) % corners.length] as Spot] as const);
  const turn = (a: Spot, b: Spot, c: Spot) =>
    Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));
  let found = 0;
  for (const [i, [a, b]] of edges.entries())
    for (const [c, d] of edges.slice(i + 2, i === 0 ? -1 : undefined))
      if (turn(a, b, c) !== turn(a, b, d) && turn(c, d, a) !== turn(c, d, b)) found++;
  return found;
}
