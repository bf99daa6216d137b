/**
 * What has to wait in this device, encrypted: half-filled forms, photos on their way, what a nurse takes along to where there is no
 * coverage.
 *
 * Everything is sealed by AES-256-GCM under a key that the server keeps for the person. While somebody is signed in, the key lies
 * here in a form that no script can read out; signing out removes it. What is still sealed then can be read by nobody until the
 * same person signs in here again.
 */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";

interface Sealed {
  /** Whose. Opaque: the provider's subject. */
  person: string;
  kind: string;
  id: string;
  /** When it was sealed, milliseconds. */
  at: number;
  iv: Uint8Array<ArrayBuffer>;
  data: ArrayBuffer;
}

interface Schema extends DBSchema {
  keys: { key: string; value: CryptoKey };
  sealed: { key: [string, string, string]; value: Sealed };
}

/** What can be told of a sealed thing without opening it. */
export interface Entry {
  kind: string;
  id: string;
  at: Date;
  bytes: number;
}

/** Where a sealed thing is. */
export interface Place {
  kind: string;
  id: string;
}

const IV_BYTES = 12;
let database: Promise<IDBPDatabase<Schema>> | undefined;
let opened: { person: string; key: CryptoKey } | undefined;
const listeners = new Set<() => void>();
const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("samspil.vault");
channel?.addEventListener("message", () => tell());

function tell(): void {
  for (const listener of listeners) listener();
}

function changed(): void {
  tell();
  channel?.postMessage("changed");
}

function db(): Promise<IDBPDatabase<Schema>> {
  database ??= openDB<Schema>("samspil", 1, {
    upgrade(to) {
      to.createObjectStore("keys");
      to.createObjectStore("sealed", { keyPath: ["person", "kind", "id"] });
    },
  });
  return database;
}

function unlocked(): { person: string; key: CryptoKey } {
  if (!opened) throw new Error("the vault is locked");
  return opened;
}

/** What a sealed thing is bound to, so that none can be put in another's place. */
function label(person: string, kind: string, id: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${person}\n${kind}\n${id}`);
}

export const vault = {
  /** Opens the vault with the key that lies here, or else with the one that the server gives. */
  async unlock(person: string, fetchKey: () => Promise<Uint8Array>): Promise<void> {
    const store = await db();
    let key = await store.get("keys", person);
    if (!key) {
      const bytes = Uint8Array.from(await fetchKey());
      key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
      bytes.fill(0);
      await store.put("keys", key, person);
    }
    opened = { person, key };
    tell();
  },

  /** Whether it is open. */
  isOpen: () => opened !== undefined,

  /** Removes every key from this device, and all that nobody has to wait for: what is of one of these kinds stays, sealed. */
  async lock(keep: readonly string[]): Promise<void> {
    opened = undefined;
    const store = await db();
    const tx = store.transaction(["keys", "sealed"], "readwrite");
    await tx.objectStore("keys").clear();
    for (const key of await tx.objectStore("sealed").getAllKeys()) {
      if (!keep.includes(key[1])) await tx.objectStore("sealed").delete(key);
    }
    await tx.done;
    changed();
  },

  /**
   * Seals bytes under a kind and an id, in place of what was there. Durable once it returns. `insteadOf` goes in the same moment, so
   * that a crash leaves either, never both and never none.
   */
  async seal(kind: string, id: string, bytes: Uint8Array<ArrayBuffer>, insteadOf?: Place): Promise<void> {
    const { person, key } = unlocked();
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const algorithm = { name: "AES-GCM", iv, additionalData: label(person, kind, id) };
    const data = await crypto.subtle.encrypt(algorithm, key, bytes);
    const tx = (await db()).transaction("sealed", "readwrite", { durability: "strict" });
    // All at once: were one awaited alone, a failure would leave the others' rejections to nobody.
    await Promise.all([
      tx.store.put({ person, kind, id, at: Date.now(), iv, data }),
      insteadOf && tx.store.delete([person, insteadOf.kind, insteadOf.id]),
      tx.done,
    ]);
    changed();
  },

  /** Opens what was sealed; nothing when there is no such thing. */
  async open(kind: string, id: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const { person, key } = unlocked();
    const sealed = await (await db()).get("sealed", [person, kind, id]);
    if (!sealed) return undefined;
    const algorithm = { name: "AES-GCM", iv: sealed.iv, additionalData: label(person, kind, id) };
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed.data));
  },

  /** As [`seal`], for anything that JSON can say. */
  sealJson(kind: string, id: string, value: unknown, insteadOf?: Place): Promise<void> {
    return vault.seal(kind, id, new TextEncoder().encode(JSON.stringify(value)), insteadOf);
  },

  /** As [`open`], for what was sealed as JSON. */
  async openJson<T>(kind: string, id: string): Promise<T | undefined> {
    const bytes = await vault.open(kind, id);
    return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as T);
  },

  /** What the person has sealed of a kind, the oldest first. */
  async list(kind: string): Promise<Entry[]> {
    const { person } = unlocked();
    const range = IDBKeyRange.bound([person, kind, ""], [person, kind, "\uffff"]);
    const all = await (await db()).getAll("sealed", range);
    const entries = all.map((one) => ({
      kind,
      id: one.id,
      at: new Date(one.at),
      bytes: one.data.byteLength,
    }));
    return entries.sort((a, b) => a.at.getTime() - b.at.getTime());
  },

  /** The ids of what the person has sealed of a kind, without reading any of it. */
  async ids(kind: string): Promise<string[]> {
    const { person } = unlocked();
    const range = IDBKeyRange.bound([person, kind, ""], [person, kind, "\uffff"]);
    const keys = await (await db()).getAllKeys("sealed", range);
    return keys.map(([, , id]) => id);
  },

  /** Removes what was sealed. It is no error when there is none. */
  async remove(kind: string, ...ids: string[]): Promise<void> {
    if (ids.length === 0) return;
    const { person } = unlocked();
    const tx = (await db()).transaction("sealed", "readwrite");
    await Promise.all([...ids.map((id) => tx.store.delete([person, kind, id])), tx.done]);
    changed();
  },

  /** Tells when anything changed, here or in another window. */
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
