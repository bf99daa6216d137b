/** Which photos are looked at and how, as it stands in the address. */
import { timestampMs } from "@bufbuild/protobuf/wkt";
import { type Photo, PhotoState } from "../../gen/samspil/wound/v1/photo_pb";
import type { Visit } from "../../gen/samspil/wound/v1/visit_pb";

/** A photo with its visit. */
export interface Shot {
  photo: Photo;
  visit: Visit;
  /** Its place among the photos of the visit, from 1. */
  place: number;
  /** How many photos the visit has. */
  of: number;
}

export const layouts = ["side", "fade", "swipe"] as const;
/** Two photos side by side, one faded over the other, or one on each side of a divider. */
export type Layout = (typeof layouts)[number];

export interface Choice {
  /** The photo that is looked at. None where no photo is stored yet. */
  a: Shot | undefined;
  /** The one that it is compared with. */
  b: Shot | undefined;
  layout: Layout;
  /** The address names a photo that is not here. */
  lost: boolean;
}

/** Every photo of the visits, the oldest first. Visits come with the newest first. */
export function shotsOf(visits: readonly Visit[]): Shot[] {
  return visits.toReversed().flatMap((visit) => {
    const photos = visit.photos
      .filter((photo) => photo.state !== PhotoState.WITHDRAWN)
      .toSorted((one, other) => takenAt(one) - takenAt(other));
    return photos.map((photo, index) => ({ photo, visit, place: index + 1, of: photos.length }));
  });
}

/** Shots of the same visit together. They come together already. */
export function byVisit(shots: readonly Shot[]): [Visit, Shot[]][] {
  const groups: [Visit, Shot[]][] = [];
  for (const shot of shots) {
    const last = groups.at(-1);
    if (last?.[0] === shot.visit) last[1].push(shot);
    else groups.push([shot.visit, [shot]]);
  }
  return groups;
}

export function canBeSeen({ photo }: Shot): boolean {
  return photo.state === PhotoState.STORED;
}

/**
 * What an address asks for. Without a word of it, the photo that was held before; without that, the newest stored one: the first of
 * its visit.
 */
export function readChoice(params: URLSearchParams, shots: readonly Shot[], held?: string): Choice {
  const seen = shots.filter(canBeSeen);
  const find = (id: string | null | undefined) => seen.find(({ photo }) => photo.photoId === id);
  const first = find(held) ?? seen.find(({ visit }) => visit === seen.at(-1)?.visit);
  const [a, b] = [find(params.get("a")), find(params.get("b"))];
  const layout = layouts.find((one) => one === params.get("layout")) ?? "side";
  const lost = (params.has("a") && !a) || (params.has("b") && !b);
  return { a: a ?? first, b: b === (a ?? first) ? undefined : b, layout, lost };
}

/** The address of a choice. What else it says stays. */
export function writeChoice(
  params: URLSearchParams,
  { a, b, layout }: Omit<Choice, "lost">,
): URLSearchParams {
  const next = new URLSearchParams(params);
  set(next, "a", a?.photo.photoId);
  set(next, "b", b?.photo.photoId);
  set(next, "layout", b && layout !== "side" ? layout : undefined);
  return next;
}

/** The photo to begin a comparison with: the same place in the visit before, else the nearest older one, else a newer one. */
export function counterpart(shots: readonly Shot[], a: Shot): Shot | undefined {
  const seen = shots.filter(canBeSeen);
  const before = seen.slice(0, seen.indexOf(a)).filter(({ visit }) => visit !== a.visit);
  const sameVisit = before.filter(({ visit }) => visit === before.at(-1)?.visit);
  return sameVisit.find(({ place }) => place === a.place) ?? before.at(-1) ?? seen.find((one) => one !== a);
}

function takenAt({ captureTime }: Photo): number {
  return captureTime ? timestampMs(captureTime) : 0;
}

function set(params: URLSearchParams, key: string, value: string | undefined): void {
  if (value) params.set(key, value);
  else params.delete(key);
}
