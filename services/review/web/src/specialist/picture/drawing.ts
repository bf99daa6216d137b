/** An outline while it is drawn: its corners, the two marks that tell the scale, and what is still missing. */
import type { Suggestion } from "../../gen/samspil/wound/v1/suggestion_pb";
import { distance, type Spot } from "./geometry";
import { thinned } from "./suggestions";

export interface Drawing {
  corners: Spot[];
  /** The last corner is joined to the first. */
  closed: boolean;
  /** Two marks a known distance apart. */
  marks: Spot[];
  /** How far apart, in millimetres, as it was typed. */
  millimetres: string;
  /** What the next place is. */
  placing: "corner" | "mark" | "nothing";
  /** Edges that the server found to cross, counted from the first corner. */
  crossing: number[];
  /** The suggestion that it corrects. */
  suggestion?: string | undefined;
  /** Names the wish to keep exactly this, over every attempt. */
  requestId?: string | undefined;
}

export type Part = "corners" | "marks";

export type Step =
  | { do: "place"; at: Spot }
  | { do: "move"; part: Part; index: number; to: Spot }
  | { do: "insert"; before: number; at: Spot }
  | { do: "remove"; index: number }
  | { do: "undo" }
  | { do: "close" }
  | { do: "scale" }
  | { do: "unscale" }
  | { do: "type"; millimetres: string }
  | { do: "own" }
  | { do: "ask"; requestId: string }
  | { do: "cross"; edges: number[] };

/** The least distance of two marks that tells a scale, in pixels. */
const SHORTEST_PX = 20;
const LEAST_MM = 1;
const MOST_MM = 1000;
const MOST_CORNERS = 1000;

/** Two marks that were set on the photo before. */
export interface KnownScale {
  marks: [Spot, Spot];
  millimetres: string;
}

/** A drawing to begin with. A scale that is known of the photo already is taken over. */
export function begun(scale?: KnownScale): Drawing {
  const { marks, millimetres } = scale ?? { marks: [], millimetres: "" };
  return { corners: [], closed: false, marks, millimetres, placing: "corner", crossing: [] };
}

/** A suggestion to correct: its edge, with as few corners as can be moved by hand. */
export function begunFrom({ name, points }: Suggestion, scale?: KnownScale): Drawing {
  const corners = thinned(points);
  return { ...begun(scale), corners, closed: true, placing: "nothing", suggestion: name };
}

/** The drawing after a step. What is asked of the server after a change is another wish than before. */
export function drawn(drawing: Drawing, step: Step): Drawing {
  if (step.do === "ask") return { ...drawing, requestId: drawing.requestId ?? step.requestId };
  if (step.do === "cross") return { ...drawing, crossing: step.edges };
  return { ...changed(drawing, step), crossing: [], requestId: undefined };
}

function changed(drawing: Drawing, step: Exclude<Step, { do: "ask" | "cross" }>): Drawing {
  const { corners, marks } = drawing;
  switch (step.do) {
    case "place":
      return placed(drawing, step.at);
    case "move":
      return { ...drawing, [step.part]: drawing[step.part].with(step.index, step.to) };
    case "insert":
      return corners.length < MOST_CORNERS
        ? { ...drawing, corners: corners.toSpliced(step.before, 0, step.at) }
        : drawing;
    case "remove":
      return without(drawing, step.index);
    case "undo":
      return undone(drawing);
    case "close":
      return corners.length >= 3 ? { ...drawing, closed: true, placing: "nothing" } : drawing;
    case "scale":
      return { ...drawing, marks: [], millimetres: "", placing: "mark" };
    case "unscale":
      return { ...drawing, marks: [], millimetres: "", placing: drawing.closed ? "nothing" : "corner" };
    case "type":
      return { ...drawing, marks, millimetres: step.millimetres };
    case "own":
      return { ...drawing, suggestion: undefined };
  }
}

function placed(drawing: Drawing, at: Spot): Drawing {
  if (drawing.placing === "corner" && drawing.corners.length < MOST_CORNERS)
    return { ...drawing, corners: [...drawing.corners, at] };
  if (drawing.placing !== "mark") return drawing;
  const marks = [...drawing.marks, at];
  const done = drawing.closed ? "nothing" : "corner";
  return { ...drawing, marks, placing: marks.length === 2 ? done : "mark" };
}

/** Three corners are the least that stay once the edge is closed. */
function without(drawing: Drawing, index: number): Drawing {
  if (drawing.closed && drawing.corners.length <= 3) return drawing;
  return { ...drawing, corners: drawing.corners.toSpliced(index, 1) };
}

function undone(drawing: Drawing): Drawing {
  if (drawing.placing === "mark") return { ...drawing, marks: drawing.marks.slice(0, -1) };
  if (drawing.closed) return { ...drawing, closed: false, placing: "corner" };
  return { ...drawing, corners: drawing.corners.slice(0, -1) };
}

/** The typed distance, with a comma or a point; nothing when it is no distance that the contract takes. */
export function millimetresOf(typed: string): number | undefined {
  const text = typed.trim().replace(",", ".");
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return value >= LEAST_MM && value <= MOST_MM ? value : undefined;
}

/** What has to be done before it can be kept. */
export type Lack = "edge" | "secondMark" | "marksApart" | "millimetres";

export function lackOf({ closed, marks, millimetres }: Drawing): Lack | undefined {
  const [start, end] = marks;
  if (!closed) return "edge";
  if (!start) return undefined;
  if (!end) return "secondMark";
  if (distance(start, end) < SHORTEST_PX) return "marksApart";
  return millimetresOf(millimetres) === undefined ? "millimetres" : undefined;
}

/** Whether there is anything that somebody would miss. */
export function isWorth({ corners }: Drawing): boolean {
  return corners.length > 0;
}
