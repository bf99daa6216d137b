import { create } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { SpanSchema, StorySchema } from "../src/gen/samspil/trace/v1/trace_pb";
import { lines, step, toggled } from "../src/specialist/story/lines";
import { happenings, meaning } from "../src/specialist/story/story";

type Given = {
  id: string;
  parent?: string;
  depth?: number;
  name?: string;
  at?: number;
  ms?: number;
  by?: string;
  sql?: boolean;
};
const span = ({ id, parent = "", depth = 0, name = "step", at = 0, ms = 1, by, sql }: Given) =>
  create(SpanSchema, {
    spanId: id,
    parentSpanId: parent,
    depth,
    name,
    kind: by === undefined ? "internal" : "server",
    startTime: timestampFromMs(at),
    durationUs: BigInt(ms * 1000),
    attributes: { ...(by ? { "enduser.id": by } : {}), ...(sql ? { "db.query.text": "SELECT 1" } : {}) },
  });
const story = (...traces: Given[][]) =>
  create(StorySchema, { traces: traces.map((spans, i) => ({ traceId: `t${i}`, spans: spans.map(span) })) });
const CREATE = "samspil.wound.v1.WoundService/CreateVisit";
const GET = "samspil.wound.v1.WoundService/GetWound";

describe("a story", () => {
  test("is led by what a person did, not by a service that asked another", () => {
    const [one] = happenings(
      story([
        { id: "1", name: "samspil.directory.v1.DirectoryService/CheckRelation", by: "service:wound" },
        { id: "2", name: CREATE, by: "anna" },
      ]),
      false,
    );
    expect([one?.lead.name, one?.person]).toEqual([CREATE, "anna"]);
  });

  test("leaves looking out, unless it is wanted", () => {
    const told = story([{ id: "1", name: GET, by: "anna" }], [{ id: "2", name: CREATE, by: "anna" }]);
    expect(happenings(told, false).map((one) => one.traceId)).toEqual(["t1"]);
    expect(happenings(told, true)).toHaveLength(2);
  });

  test("a change that looks something up is no looking", () => {
    const told = story([
      { id: "1", name: CREATE, by: "anna" },
      { id: "2", parent: "1", depth: 1, name: GET, by: "service:x" },
    ]);
    expect(happenings(told, false)).toHaveLength(1);
  });

  test("tells the time that passed between the end of one and the next", () => {
    const told = story(
      [{ id: "1", name: CREATE, at: 1000, ms: 500 }],
      [{ id: "2", name: CREATE, at: 1200, ms: 100 }],
      [{ id: "3", name: CREATE, at: 9500, ms: 1 }],
    );
    expect(happenings(told, false).map((one) => one.gapMs)).toEqual([0, 0, 8000]);
  });

  test("counts statements where they were run, and keeps the rest as a tree", () => {
    const [one] = happenings(
      story([
        { id: "1", name: CREATE, by: "anna", ms: 10 },
        { id: "2", parent: "1", depth: 1, sql: true, ms: 2 },
        { id: "3", parent: "1", depth: 1, sql: true, ms: 3 },
        { id: "4", parent: "1", depth: 1, name: "relay VisitRecorded", at: 4 },
        { id: "5", parent: "4", depth: 2, name: "image steps", at: 5 },
      ]),
      false,
    );
    const root = one?.roots[0];
    expect(root?.statements).toEqual({ count: 2, durationUs: 5000 });
    expect(root?.children.map((child) => child.span.name)).toEqual(["relay VisitRecorded"]);
    expect(root?.children[0]?.children[0]?.beginUs).toBe(5000);
  });

  test("a trace without spans is none", () => {
    expect(happenings(story([]), true)).toEqual([]);
  });
});

describe("the lines of the tree", () => {
  const told = happenings(
    story(
      [
        { id: "1", name: CREATE, by: "anna" },
        { id: "2", parent: "1", depth: 1 },
      ],
      [{ id: "3", name: CREATE, at: 100 }],
    ),
    false,
  );
  const ids = (open: Set<string>) => lines(told, open).map((line) => line.id);

  test("are the happenings alone until one is opened", () => {
    expect(ids(new Set())).toEqual(["t0", "t1"]);
    expect(ids(new Set(["t0"]))).toEqual(["t0", "t0/1", "t0/2", "t1"]);
  });

  test("closing a span hides what is below it, and opening it shows that again", () => {
    const open = new Set(["t0"]);
    const line = lines(told, open)[1];
    if (!line) throw new Error("no line");
    const closed = toggled(open, line);
    expect(ids(closed)).toEqual(["t0", "t0/1", "t1"]);
    expect(ids(toggled(closed, line))).toEqual(ids(open));
  });

  test("right opens and goes in, left closes and goes out", () => {
    const shut = lines(told, new Set());
    expect(step(shut, 0, "ArrowRight")).toEqual({ at: 0, toggle: true });
    const all = lines(told, new Set(["t0"]));
    expect(step(all, 0, "ArrowRight")).toEqual({ at: 1, toggle: false });
    expect(step(all, 2, "ArrowLeft")).toEqual({ at: 1, toggle: false });
    expect(step(all, 1, "ArrowLeft")).toEqual({ at: 1, toggle: true });
    expect(step(all, 3, "ArrowDown")).toEqual({ at: 3, toggle: false });
    expect(step(all, 0, "x")).toBeUndefined();
  });
});

describe("the meaning of a span", () => {
  test.each([
    [CREATE, { kind: "call", method: "CreateVisit" }],
    ["relay PhotoStored", { kind: "relay", event: "PhotoStored" }],
    [
      "careplan follows AssessmentAnswered",
      { kind: "follow", service: "careplan", event: "AssessmentAnswered" },
    ],
    ["image steps", { kind: "step", step: "image steps" }],
    ["put original", { kind: "unknown" }],
    ["something new", { kind: "unknown" }],
  ])("%s", (name, expected) => {
    expect(meaning(span({ id: "1", name }))).toEqual(expected);
  });
});
