/** Visits and photos in the vault. */
import { pieces } from "../../session/pieces";
import { vault } from "../../session/vault";
import type { FormRecord } from "../visit/form";
import type { Store } from "./ports";
import type { PhotoRecord, VisitRecord } from "./record";
import { LostHere } from "./trouble";

/** What is left of a visit that has arrived: for the nurse to look at until she signs out. */
export interface Receipt {
  visit: VisitRecord;
  sentAt: string;
}

/** How long a receipt is shown. */
const RECEIPT_MS = 24 * 3_600_000;

export const store: Store = {
  read: (id) => vault.openJson<VisitRecord>("visit", id),

  change: (id, change) =>
    navigator.locks.request(`samspil.visit.${id}`, async () => {
      const record = await store.read(id);
      if (!record) throw new Error("the visit is gone");
      change(record);
      await vault.sealJson("visit", id, record);
      return record;
    }),

  async bytes(photo, offset, wanted) {
    // What cannot be opened is as lost as what is not there.
    const bytes = await pieces.read("photo", photo.id, offset, wanted).catch(() => undefined);
    if (!bytes) throw new LostHere("a photo's bytes are not in the vault");
    return bytes;
  },

  async file(record, at) {
    const receipt: Receipt = { visit: record, sentAt: at.toISOString() };
    await vault.sealJson("sent", record.id, receipt, { kind: "visit", id: record.id });
    for (const photo of record.photos) await pieces.remove("photo", photo.id);
  },
};

async function all<T>(kind: string): Promise<T[]> {
  const found: T[] = [];
  for (const id of await vault.ids(kind)) {
    const one = await vault.openJson<T>(kind, id);
    if (one) found.push(one);
  }
  return found;
}

/** Every visit that has not arrived, the oldest first. */
export async function unsentVisits(): Promise<VisitRecord[]> {
  const visits = await all<VisitRecord>("visit");
  return visits.sort((a, b) => a.finishedAt.localeCompare(b.finishedAt));
}

/** What has arrived of late, the newest first. */
export async function receipts(): Promise<Receipt[]> {
  const found = await all<Receipt>("sent");
  return found.sort((a, b) => b.sentAt.localeCompare(a.sentAt));
}

/** Forgets a visit that has not arrived, with its photos. Only ever because the nurse says so. */
export async function discard(record: VisitRecord): Promise<void> {
  await vault.remove("visit", record.id);
  for (const photo of record.photos) await pieces.remove("photo", photo.id);
}

/**
 * Removes what a crash left: pieces of photos that nothing refers to, and old receipts. A photo is referred to before its first piece
 * is sealed, and forms are read before visits, so that none is missed on its way from the one to the other.
 */
export async function sweep(): Promise<void> {
  const there = await pieces.ids("photo");
  const forms = await all<Partial<FormRecord>>("form");
  const owners: { photos: Pick<PhotoRecord, "id">[] }[] = [
    ...forms.map((form) => ({ photos: form.photos ?? [] })),
    ...(await unsentVisits()),
  ];
  const wanted = new Set(owners.flatMap((owner) => owner.photos.map((photo) => photo.id)));
  for (const id of there) if (!wanted.has(id)) await pieces.remove("photo", id);
  const old = new Date(Date.now() - RECEIPT_MS).toISOString();
  await vault.remove(
    "sent",
    ...(await receipts()).filter((one) => one.sentAt < old).map((one) => one.visit.id),
  );
}
