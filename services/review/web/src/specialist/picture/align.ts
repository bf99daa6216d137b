/** How one photo lies over another: the map that takes places of A to the same places of B. */
import type { Calibration } from "../../gen/samspil/wound/v1/outline_pb";
import {
  apply,
  distance,
  middle,
  type Similarity,
  type Size,
  type Spot,
  scaleOf,
  similarity,
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

/** A millimetre of A as long as a millimetre of B. */
export function toScale(
  map: Similarity,
  about: Spot,
  a: Calibration,
  b: Calibration,
): Similarity | undefined {
  const [inA, inB] = [pixelsPerMm(a), pixelsPerMm(b)];
  if (!inA || !inB) return undefined;
  return similarity(inB / inA, turnOf(map), about, apply(map, about));
}

function pixelsPerMm({ start, end, distanceMm }: Calibration): number | undefined {
  return start && end && distanceMm > 0 ? distance(start, end) / distanceMm : undefined;
}
