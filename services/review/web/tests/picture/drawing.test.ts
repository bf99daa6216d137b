import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { SuggestionSchema } from "../../src/gen/samspil/wound/v1/suggestion_pb";
import { atNext, entered, movedBy, startOf } from "../../src/specialist/picture/crosshair";
import {
  begun,
  begunFrom,
  type Drawing,
  drawn,
  lackOf,
  millimetresOf,
  type Step,
} from "../../src/specialist/picture/drawing";
import { drawings } from "../../src/specialist/picture/drawings";

const at = (x: number, y: number): Step => ({ do: "place", at: { x, y } });
const run = (steps: Step[], from: Drawing = begun()) => steps.reduce(drawn, from);
const triangle = [at(0, 0), at(100, 0), at(0, 100)];
const closed = run([...triangle, { do: "close" }]);

describe("an edge", () => {
  test("closes with three corners and not before", () => {
    expect(run([at(0, 0), at(9, 9), { do: "close" }]).closed).toBe(false);
    expect(closed.closed).toBe(true);
    expect(lackOf(run(triangle))).toBe("edge");
    expect(lackOf(closed)).toBeUndefined();
  });

  test("takes no more corners once it is closed, but can be corrected", () => {
    expect(run([at(5, 5)], closed).corners).toHaveLength(3);
    const better = run(
      [
        { do: "insert", before: 1, at: { x: 50, y: -10 } },
        { do: "move", part: "corners", index: 3, to: { x: 0, y: 90 } },
      ],
      closed,
    );
    expect(better.corners).toEqual([
      { x: 0, y: 0 },
      { x: 50, y: -10 },
      { x: 100, y: 0 },
      { x: 0, y: 90 },
    ]);
    expect(run([{ do: "remove", index: 1 }], better).corners).toHaveLength(3);
    expect(run([{ do: "remove", index: 1 }], closed).corners).toHaveLength(3);
  });

  test("opens again by undoing, then loses its last corner", () => {
    const open = run([{ do: "undo" }], closed);
    expect(open).toMatchObject({ closed: false, placing: "corner" });
    expect(run([{ do: "undo" }], open).corners).toHaveLength(2);
  });
});

describe("a scale", () => {
  const marked = run([{ do: "scale" }, at(0, 0), at(200, 0)], closed);

  test("is two marks and a distance", () => {
    expect(marked).toMatchObject({ placing: "nothing", marks: [{ x: 0 }, { x: 200 }] });
    expect(lackOf(marked)).toBe("millimetres");
    expect(lackOf(run([{ do: "type", millimetres: "12,5" }], marked))).toBeUndefined();
  });

  test("says what is missing", () => {
    expect(lackOf(run([{ do: "scale" }, at(0, 0)], closed))).toBe("secondMark");
    expect(lackOf(run([{ do: "scale" }, at(0, 0), at(19, 0)], closed))).toBe("marksApart");
  });

  test("may be set before the edge is closed, and given up", () => {
    expect(run([at(0, 0), { do: "scale" }, at(1, 1), at(50, 1)]).placing).toBe("corner");
    expect(run([{ do: "unscale" }], marked)).toMatchObject({ marks: [], placing: "nothing" });
  });

  test.each([
    ["10", 10],
    [" 12,5 ", 12.5],
    ["1000", 1000],
    ["1000.5", undefined],
    ["0,9", undefined],
    ["", undefined],
    ["1e2", undefined],
    ["ti", undefined],
  ])("of '%s' is %s mm", (typed, value) => {
    expect(millimetresOf(typed)).toBe(value);
  });
});

describe("a suggestion to correct", () => {
  const points = triangle.flatMap((step) => (step.do === "place" ? [step.at] : []));
  const name = "patients/p/wounds/w/visits/v/photos/f/suggestions/s";
  const first = begunFrom(create(SuggestionSchema, { name, points }));

  test("begins closed, and can be kept and corrected at once", () => {
    expect(first).toMatchObject({ corners: points, closed: true, placing: "nothing", suggestion: name });
    expect(lackOf(first)).toBeUndefined();
    const better = run([{ do: "move", part: "corners", index: 0, to: { x: 5, y: 5 } }], first);
    expect(better).toMatchObject({ suggestion: name, corners: [{ x: 5, y: 5 }, {}, {}] });
  });

  test("that somebody else has decided on is an outline of its own, and another wish", () => {
    const own = run([{ do: "ask", requestId: "first" }, { do: "own" }], first);
    expect(own).toMatchObject({ corners: points, suggestion: undefined, requestId: undefined });
  });

  test("goes on where it was put away, and takes nothing from a drawing that goes on", () => {
    drawings.begin("photo", first);
    drawings.step("photo", { do: "move", part: "corners", index: 0, to: { x: 5, y: 5 } });
    drawings.begin("photo", begun());
    expect(drawings.goingOn("photo")).toBe(name);
    drawings.putAway("photo", true);
    expect([drawings.any(), drawings.goingOn("photo")]).toEqual([false, false]);
    drawings.begin("photo", first);
    expect(drawings.of("photo")?.drawing.corners[0]).toEqual({ x: 5, y: 5 });
    drawings.done("photo");
    expect(drawings.of("photo")).toBeUndefined();
    drawings.begin("photo", begun());
    expect(drawings.goingOn("photo")).toBe(true);
    drawings.done("photo");
  });
});

describe("the wish to keep a drawing", () => {
  const asked = run([{ do: "ask", requestId: "first" }], closed);

  test("is the same over every attempt", () => {
    expect(run([{ do: "ask", requestId: "second" }], asked).requestId).toBe("first");
  });

  test("is another one after a change", () => {
    const changed = run([{ do: "move", part: "corners", index: 0, to: { x: 1, y: 1 } }], asked);
    expect(run([{ do: "ask", requestId: "second" }], changed).requestId).toBe("second");
  });
});

describe("the cross of the keyboard", () => {
  const view = { centre: { x: 500, y: 400 }, zoom: 0.5, turn: 90 };
  const size = { width: 1000, height: 800 };

  test("begins in the middle and moves by pixels of the screen, further with Shift, never off the photo", () => {
    const cross = startOf(undefined, view, size);
    expect(cross.at).toEqual({ x: 500, y: 400 });
    // The photo is turned by a quarter: to the right of the screen is up on the photo.
    expect(movedBy("ArrowRight", false, cross, view, size)?.at.y).toBeCloseTo(392);
    expect(movedBy("ArrowRight", true, cross, view, size)?.at.y).toBeCloseTo(336);
    expect(movedBy("ArrowRight", true, { at: { x: 5, y: 5 } }, view, size)?.at.y).toBe(0);
    expect(movedBy("x", false, cross, view, size)).toBeUndefined();
  });

  test("sets a corner, and closes the edge at the first one", () => {
    const open = run(triangle);
    expect(entered({ at: { x: 50, y: 50 } }, open, view).step).toEqual(at(50, 50));
    expect(entered({ at: { x: 3, y: 3 } }, open, view).step).toEqual({ do: "close" });
  });

  test("takes a corner up and puts it down", () => {
    const { cross, step } = entered({ at: { x: 99, y: 2 } }, closed, view);
    expect(step).toBeUndefined();
    expect(cross.held).toEqual({ part: "corners", index: 1 });
    expect(entered(cross, closed, view).cross.held).toBeUndefined();
  });

  test("goes from corner to corner", () => {
    const first = atNext({ at: { x: 700, y: 700 } }, closed, view);
    expect(first.at).toEqual({ x: 0, y: 0 });
    expect(atNext(first, closed, view).at).toEqual({ x: 100, y: 0 });
  });
});
