/** Places on photos, the maps between photos that keep shapes, and what part of a photo is on the screen. */

/** A place, in pixels: of an upright photo or of the screen, from the upper left corner. */
export interface Spot {
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

/** A turn and a scale, `a + bi` as a complex number, and then a shift. */
export interface Similarity {
  a: number;
  b: number;
  dx: number;
  dy: number;
}

/** The part of a photo that is on the screen. */
export interface View {
  /** The place of the photo in the middle of the screen. */
  centre: Spot;
  /** Pixels of the screen for a pixel of the photo. */
  zoom: number;
  /** Degrees, clockwise. */
  turn: number;
}

const RADIANS = Math.PI / 180;

export function middle({ width, height }: Size): Spot {
  return { x: width / 2, y: height / 2 };
}

export function distance(from: Spot, to: Spot): number {
  return Math.hypot(to.x - from.x, to.y - from.y);
}

/** The nearest place that lies on the photo. */
export function onPhoto({ x, y }: Spot, { width, height }: Size): Spot {
  return { x: Math.min(Math.max(x, 0), width), y: Math.min(Math.max(y, 0), height) };
}

export function apply({ a, b, dx, dy }: Similarity, { x, y }: Spot): Spot {
  return { x: a * x - b * y + dx, y: b * x + a * y + dy };
}

export function scaleOf({ a, b }: Similarity): number {
  return Math.hypot(a, b);
}

/** Degrees, clockwise. */
export function turnOf({ a, b }: Similarity): number {
  return Math.atan2(b, a) / RADIANS;
}

export function inverse({ a, b, dx, dy }: Similarity): Similarity {
  const square = a * a + b * b;
  const back = { a: a / square, b: -b / square, dx: 0, dy: 0 };
  const shift = apply(back, { x: -dx, y: -dy });
  return { ...back, dx: shift.x, dy: shift.y };
}

/** The map that scales and turns, and takes one place to another. */
export function similarity(scale: number, turn: number, from: Spot, to: Spot): Similarity {
  const map = { a: scale * Math.cos(turn * RADIANS), b: scale * Math.sin(turn * RADIANS), dx: 0, dy: 0 };
  const there = apply(map, from);
  return { ...map, dx: to.x - there.x, dy: to.y - there.y };
}

/**
 * The map that takes places nearest to as many others: to them exactly where there are two. None when either all are one place.
 */
export function through(from: readonly Spot[], to: readonly Spot[]): Similarity | undefined {
  const [before, after] = [centreOf(from), centreOf(to)];
  let [along, across, square] = [0, 0, 0];
  for (const [index, place] of from.entries()) {
    const there = to[index] ?? after;
    const [x, y] = [place.x - before.x, place.y - before.y];
    const [u, v] = [there.x - after.x, there.y - after.y];
    along += x * u + y * v;
    across += x * v - y * u;
    square += x * x + y * y;
  }
  const scale = Math.hypot(along, across) / square;
  if (!Number.isFinite(scale) || scale === 0) return undefined;
  return similarity(scale, Math.atan2(across, along) / RADIANS, before, after);
}

/** The middle of some places. */
export function centreOf(spots: readonly Spot[]): Spot {
  const sum = spots.reduce((sum, { x, y }) => ({ x: sum.x + x, y: sum.y + y }), { x: 0, y: 0 });
  return { x: sum.x / spots.length, y: sum.y / spots.length };
}

/** The view that shows all places within a share of the screen, turned as it is. */
export function viewOf(spots: readonly Spot[], screen: Size, share: number, turn: number): View {
  const around = spots.map((spot) => toScreen({ centre: { x: 0, y: 0 }, zoom: 1, turn }, screen, spot));
  const [xs, ys] = [around.map(({ x }) => x), around.map(({ y }) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const zoom = share * Math.min(screen.width / (right - left), screen.height / (bottom - top));
  const centre = toPhoto({ centre: { x: 0, y: 0 }, zoom: 1, turn }, screen, {
    x: (left + right) / 2,
    y: (top + bottom) / 2,
  });
  return { centre, zoom, turn };
}

/** The area within an edge that is closed and does not cross itself. */
export function areaOf(corners: readonly Spot[]): number {
  const twice = corners.reduce((sum, corner, index) => {
    const next = corners[(index + 1) % corners.length] ?? corner;
    return sum + corner.x * next.y - next.x * corner.y;
  }, 0);
  return Math.abs(twice) / 2;
}

/** A way on the screen as a way on the photo. */
export function wayOnPhoto({ zoom, turn }: View, way: Spot): Spot {
  return apply(similarity(1 / zoom, -turn, { x: 0, y: 0 }, { x: 0, y: 0 }), way);
}

/** Where a place of the photo is on a screen of this size. */
export function toScreen(view: View, screen: Size, spot: Spot): Spot {
  return apply(similarity(view.zoom, view.turn, view.centre, middle(screen)), spot);
}

/** The place of the photo under a place of the screen. */
export function toPhoto(view: View, screen: Size, spot: Spot): Spot {
  return apply(similarity(1 / view.zoom, -view.turn, middle(screen), view.centre), spot);
}
