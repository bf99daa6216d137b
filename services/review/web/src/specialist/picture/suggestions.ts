/** What a model suggests for a photo, and what a person makes of it. */
import type { Photo } from "../../gen/samspil/wound/v1/photo_pb";
import { type Suggestion, SuggestionState } from "../../gen/samspil/wound/v1/suggestion_pb";
import { areaOf, type Spot } from "./geometry";

/** As many corners as a person still moves one by one. */
const MOST_CORNERS = 40;
/** A corner that is worth less than this share of the area is not worth moving. */
const LEAST_WORTH = 0.001;

/** One that waits for a person. */
export interface Open {
  suggestion: Suggestion;
  /** Its number on the photo, the largest first; it stays when others are decided. None where there is only one. */
  place: number | undefined;
}

/** Those of a photo that wait for a person, from the version that looked last: it may have found none. */
export function openOn(photo: Photo, suggestions: readonly Suggestion[]): Open[] {
  const here = suggestions.filter(({ name }) => name.startsWith(`${photo.name}/suggestions/`));
  return here
    .filter(({ modelVersion }) => modelVersion === photo.analysisVersion)
    .sort((one, other) => areaOf(other.points) - areaOf(one.points))
    .map((suggestion, index, { length }) => ({ suggestion, place: length > 1 ? index + 1 : undefined }))
    .filter(({ suggestion }) => suggestion.state === SuggestionState.OPEN);
}

/** How sure a model is, in a word: with "high" hardly a corner has to be moved, with "low" a part of the area is likely wrong. */
export function sureness(confidence: number): "high" | "middling" | "low" {
  if (confidence >= 0.9) return "high";
  return confidence >= 0.75 ? "middling" : "low";
}

/**
 * The same edge with so few corners that a person can drag them: those whose loss changes the area least go first, and none whose loss
 * would make the edge cross itself.
 */
export function thinned(points: readonly Spot[], most = MOST_CORNERS): Spot[] {
  const corners = points.map(({ x, y }) => ({ x, y }));
  const worth = LEAST_WORTH * areaOf(corners);
  while (corners.length > 3) {
    const least = corners
      .map((_, index) => ({ index, area: lost(corners, index) }))
      .sort((one, other) => one.area - other.area)
      .find(({ index }) => stays(corners, index));
    if (!least || (corners.length <= most && least.area >= worth)) break;
    corners.splice(least.index, 1);
  }
  return corners;
}

function around(corners: readonly Spot[], index: number): [Spot, Spot, Spot] {
  const at = (place: number) => corners[(place + corners.length) % corners.length] as Spot;
  return [at(index - 1), at(index), at(index + 1)];
}

function lost(corners: readonly Spot[], index: number): number {
  return areaOf(around(corners, index));
}

/** Whether the edge stays simple without a corner: no other corner lies in the triangle that is cut off or filled. */
function stays(corners: readonly Spot[], index: number): boolean {
  const triangle = around(corners, index);
  return !corners.some((corner) => !triangle.includes(corner) && isWithin(corner, triangle));
}

function isWithin(spot: Spot, [a, b, c]: [Spot, Spot, Spot]): boolean {
  const sides = [side(a, b, spot), side(b, c, spot), side(c, a, spot)];
  return sides.every((one) => one >= 0) || sides.every((one) => one <= 0);
}

/** Which side of the way from one place to another a third lies on. */
function side(from: Spot, to: Spot, spot: Spot): number {
  return (to.x - from.x) * (spot.y - from.y) - (to.y - from.y) * (spot.x - from.x);
}
