/** Large sealed things, such as photos: in pieces, so that neither sealing nor sending one ever has all of it in hand. */
import { vault } from "./vault";

const PIECE = 1 << 20;

const piece = (id: string, index: number) => `${id}/${String(index).padStart(4, "0")}`;

export const pieces = {
  /** Seals every byte. Durable once it returns; a crash before leaves pieces that nothing refers to. */
  async seal(kind: string, id: string, blob: Blob): Promise<void> {
    for (let from = 0, index = 0; from < blob.size; from += PIECE, index++) {
      const bytes = await blob.slice(from, from + PIECE).arrayBuffer();
      await vault.seal(kind, piece(id, index), new Uint8Array(bytes));
    }
  },

  /** Bytes from an offset on, at most as many as wanted; fewer where a piece ends. Nothing when they are not there. */
  async read(
    kind: string,
    id: string,
    offset: number,
    wanted: number,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const bytes = await vault.open(kind, piece(id, Math.floor(offset / PIECE)));
    const from = offset % PIECE;
    return bytes && from < bytes.length ? bytes.slice(from, from + wanted) : undefined;
  },

  /** All of it, to look at. */
  async open(kind: string, id: string, size: number, type: string): Promise<Blob | undefined> {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    for (let from = 0; from < size; from += PIECE) {
      const bytes = await pieces.read(kind, id, from, PIECE);
      if (!bytes) return undefined;
      parts.push(bytes);
    }
    return new Blob(parts, { type });
  },

  /** The ids of all that is there, whole or not. */
  async ids(kind: string): Promise<string[]> {
    const all = await vault.ids(kind);
    return [...new Set(all.map((one) => one.slice(0, one.lastIndexOf("/"))))];
  },

  async remove(kind: string, id: string): Promise<void> {
    const all = await vault.ids(kind);
    await vault.remove(kind, ...all.filter((one) => one.startsWith(`${id}/`)));
  },
};
