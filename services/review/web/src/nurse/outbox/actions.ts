/** What the nurse does with a visit on its way. */
import { newPhoto, sealPhoto, type Taken } from "../camera/photo";
import { type PhotoRecord, TOO_LATE, type VisitRecord } from "./record";
import { store } from "./store";

/** The visit was completed while the photo was taken: it takes no more. */
export class TooLate extends Error {}

function changePhoto(visit: string, id: string, set: (photo: PhotoRecord) => void): Promise<VisitRecord> {
  return store.change(visit, (record) => {
    const photo = record.photos.find((one) => one.id === id);
    if (photo) set(photo);
  });
}

export const actions = {
  /** A refused photo is taken back; the visit goes on without it. */
  withdraw: (visit: string, photo: string, reason: string) =>
    changePhoto(visit, photo, (now) => {
      now.withdraw ??= { requestId: crypto.randomUUID(), reason };
    }),

  /** The photo is good enough as it is. */
  accept: (visit: string, photo: string) =>
    changePhoto(visit, photo, (now) => {
      now.accepted = true;
    }),

  /** Another photo in place of one: a refused one is taken back, a stored one stays beside it. */
  async retake(visit: string, instead: string, taken: Taken, reason: string): Promise<void> {
    // Announced by a call of its own, which waits until it is sealed.
    const photo: PhotoRecord = { ...newPhoto(taken), withVisit: false };
    await store.change(visit, (record) => {
      if (record.completed) throw new TooLate();
      record.photos.push(photo);
    });
    try {
      await sealPhoto(photo, taken.blob);
    } catch (error) {
      await store.change(visit, (record) => {
        record.photos = record.photos.filter((one) => one.id !== photo.id);
      });
      throw error;
    }
    await store.change(visit, (record) => {
      record.photos = record.photos.filter((one) => one.id !== photo.id);
      const late = record.completed && ({ state: "refused", refusal: TOO_LATE } as const);
      record.photos.push({ ...photo, state: "waiting", ...late });
      const old = record.photos.find((one) => one.id === instead);
      if (old?.state === "refused") old.withdraw ??= { requestId: crypto.randomUUID(), reason };
      else if (old) old.accepted = true;
    });
  },

  /** Tries at once what was to be tried later. */
  again: (visit: string) =>
    store.change(visit, (record) => {
      delete record.trouble;
    }),

  /** The visit goes on without the question that the server does not take. */
  withoutQuestion: (visit: string) =>
    store.change(visit, (record) => {
      if (record.question && !record.question.assessment) delete record.question;
      if (record.more && !record.more.supplied) delete record.more;
      delete record.trouble;
    }),
};
