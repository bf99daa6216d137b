/** What somebody wants on paper. */
import { type Photo, PhotoState } from "../../gen/samspil/wound/v1/photo_pb";
import type { Visit } from "../../gen/samspil/wound/v1/visit_pb";

export type Pictures = "one" | "all" | "none";

/** As many visits as are chosen to begin with. */
export const NEWEST = 6;
/** As many visits as stand side by side on a sheet of A4. */
export const SIDE_BY_SIDE = 4;

/** The stored photos of visits, with their visit. A visit's last photo is the one that it is told by. */
export function photos(visits: readonly Visit[], pictures: Pictures): { visit: Visit; photo: Photo }[] {
  if (pictures === "none") return [];
  return visits.flatMap((visit) => {
    const stored = visit.photos.filter((photo) => photo.state === PhotoState.STORED);
    return (pictures === "one" ? stored.slice(-1) : stored).map((photo) => ({ visit, photo }));
  });
}

/** A list in pieces, the last one maybe shorter. */
export function pieces<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) =>
    list.slice(i * size, (i + 1) * size),
  );
}
