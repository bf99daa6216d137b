/** Drawing by the keyboard: a cross that arrows move, and what Enter does where it stands. */
import type { Drawing, Part, Step } from "./drawing";
import { distance, onPhoto, type Size, type Spot, type View, wayOnPhoto } from "./geometry";

export interface Crosshair {
  at: Spot;
  /** What it carries along. */
  held?: { part: Part; index: number } | undefined;
}

type Places = Pick<Drawing, "corners" | "marks">;

const STEP_PX = 4;
const LARGE_STEP_PX = 32;
/** So near, on the screen, the cross is at a corner. */
const REACH_PX = 10;

const ways: Record<string, Spot> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** Where it was, or the middle of what is on the screen. */
export function startOf(cross: Crosshair | undefined, view: View, size: Size): Crosshair {
  return cross ?? { at: onPhoto(view.centre, size) };
}

/** The cross moved by an arrow; nothing for any other key. */
export function movedBy(key: string, large: boolean, cross: Crosshair, view: View, size: Size) {
  const way = ways[key];
  if (!way) return undefined;
  const pixels = large ? LARGE_STEP_PX : STEP_PX;
  const moved = wayOnPhoto(view, { x: way.x * pixels, y: way.y * pixels });
  return { ...cross, at: onPhoto({ x: cross.at.x + moved.x, y: cross.at.y + moved.y }, size) };
}

/** The corner or mark under the cross. */
export function under({ at }: Crosshair, { corners, marks }: Places, view: View): Crosshair["held"] {
  const near = (spot: Spot) => distance(spot, at) * view.zoom <= REACH_PX;
  const corner = corners.findIndex(near);
  if (corner >= 0) return { part: "corners", index: corner };
  const mark = marks.findIndex(near);
  return mark >= 0 ? { part: "marks", index: mark } : undefined;
}

/** What Enter does: sets a place, takes a corner up or puts it down, or closes the edge at its first corner. */
export function entered(cross: Crosshair, drawing: Drawing, view: View): { cross: Crosshair; step?: Step } {
  if (cross.held) return { cross: { at: cross.at } };
  const held = under(cross, drawing, view);
  const closes = held?.part === "corners" && held.index === 0 && drawing.placing === "corner";
  if (closes && drawing.corners.length >= 3) return { cross, step: { do: "close" } };
  if (held) return { cross: { ...cross, held } };
  return drawing.placing === "nothing" ? { cross } : { cross, step: { do: "place", at: cross.at } };
}

/** The cross at the next corner, in the order in which they were drawn. */
export function atNext(cross: Crosshair, { corners }: Drawing, view: View): Crosshair {
  const here = under(cross, { corners, marks: [] }, view);
  const next = corners[((here?.index ?? -1) + 1) % corners.length];
  return next ? { at: next } : cross;
}
