/** How one photo lies over another: the map that takes places of A to the same places of B. */
import type { Marker } from "../../gen/samspil/wound/v1/photo_pb";
import {
  apply,
  centreOf,
  middle,
  type Similarity,
  type Size,
  type Spot,
  scaleOf,
  similarity,
  through,
  turnOf,
  type View,
  wayOnPhoto,
} from "./geometry";

/** Middle on middle and equally large: what holds until somebody knows better. */
export function fitted(a: Size, b: Size): Similarity {
  const scale = Math.max(b.width, b.height) / Math.max(a.width, a.height);
  return similarity(scale, 0, middle(a), middle(b));
}

/** What B has to show for A's view. */
export function followed(view: View, map: Similarity): View {
  return {
    centre: apply(map, view.centre),
    zoom: view.zoom / scaleOf(map),
    turn: view.turn - turnOf(map),
  };
}

/** B moved over A by a way on the screen, while B shows this. */
export function moved(map: Similarity, b: View, way: Spot): Similarity {
  const back = wayOnPhoto(b, way);
  return { ...map, dx: map.dx - back.x, dy: map.dy - back.y };
}

/** B made larger over A, around what is at this place of A. */
export function grown(map: Similarity, about: Spot, factor: number): Similarity {
  return similarity(scaleOf(map) / factor, turnOf(map), about, apply(map, about));
}

/** B turned clockwise over A, around what is at this place of A. */
export function turned(map: Similarity, about: Spot, degrees: number): Similarity {
  return similarity(scaleOf(map), turnOf(map) - degrees, about, apply(map, about));
}

/** A millimetre of A as long as a millimetre of B, by their pixels for each. */
export function toScale(map: Similarity, about: Spot, a: number, b: number): Similarity {
  return similarity(b / a, turnOf(map), about, apply(map, about));
}

/**
 * Card on card, whatever their sizes: a millimetre of A as long as one of B, and the squares on each other. Cards that were seen aslant
 * have no such map; then it is the nearest one.
 */
export function byMarkers(a: Marker, b: Marker): Similarity | undefined {
  const middle = centreOf(b.corners);
  const asLarge = a.sideMm / b.sideMm;
  const wanted = b.corners.map(({ x, y }) => ({
    x: middle.x + (x - middle.x) * asLarge,
    y: middle.y + (y - middle.y) * asLarge,
  }));
  return through(a.corners, wanted);
}
