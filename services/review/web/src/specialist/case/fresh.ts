/** What a stream tells, put into lists that were read before. */
import { visitOf } from "../../api/names";
import { type Photo, PhotoState } from "../../gen/samspil/wound/v1/photo_pb";
import type { Visit } from "../../gen/samspil/wound/v1/visit_pb";

interface Named {
  name: string;
}

/** One in place of what it was, or else first: lists are newest first. */
export function put<T extends Named>(list: readonly T[], one: T): T[] {
  const found = list.some((other) => other.name === one.name);
  return found ? list.map((other) => (other.name === one.name ? one : other)) : [one, ...list];
}

/** As [`put`], or taken out when it no longer stands. */
export function putIf<T extends Named>(list: readonly T[], one: T, stands: boolean): T[] {
  return stands ? put(list, one) : list.filter((other) => other.name !== one.name);
}

/** A photo in its visit; a stored one is missing no more. */
export function putPhoto(visits: readonly Visit[], photo: Photo): Visit[] {
  const visit = visitOf(photo.name);
  return visits.map((one) => {
    if (one.name !== visit) return one;
    const missing = photo.state === PhotoState.ANNOUNCED;
    return {
      ...one,
      photos: one.photos.some((other) => other.name === photo.name)
        ? put(one.photos, photo)
        : [...one.photos, photo],
      missingPhotos: missing ? one.missingPhotos : one.missingPhotos.filter((name) => name !== photo.name),
    };
  });
}
