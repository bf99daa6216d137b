/** A photo from the moment that it is taken until its bytes are sealed. */
import { pieces } from "../../session/pieces";
import type { PhotoRecord } from "../outbox/record";

/** A photo that the nurse keeps. */
export interface Taken {
  blob: Blob;
  type: string;
  sha256: string;
  capturedAt: string;
  /** The warnings that she was told of and kept it all the same. */
  known: string[];
}

export async function digest(blob: Blob): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Its record, with every id that it will ever need. Put it where it belongs before its bytes are sealed. */
export function newPhoto({ blob, type, sha256, capturedAt, known }: Taken): PhotoRecord {
  return {
    id: crypto.randomUUID(),
    size: blob.size,
    type,
    sha256,
    capturedAt,
    known,
    announceRequestId: crypto.randomUUID(),
    withVisit: true,
    announced: false,
    state: "sealing",
  };
}

/** Makes its bytes outlast the page. */
export async function sealPhoto(photo: PhotoRecord, blob: Blob): Promise<void> {
  await pieces.seal("photo", photo.id, blob);
}

/** Its bytes, to look at; nothing when they are gone. */
export function openPhoto(photo: PhotoRecord): Promise<Blob | undefined> {
  return pieces.open("photo", photo.id, photo.size, photo.type);
}
