/** A phone in memory, which can die at any moment and be started again. */
import { type Drained, drain } from "../../src/nurse/outbox/drain";
import { nothing } from "../../src/nurse/outbox/findings";
import type { Api, Store, World } from "../../src/nurse/outbox/ports";
import type { PhotoRecord, VisitRecord } from "../../src/nurse/outbox/record";
import { LostHere } from "../../src/nurse/outbox/trouble";

/** The page is gone: nothing that runs in it goes on. */
export class Death extends Error {}

export const WOUND =
  "patients/11111111-1111-4111-8111-111111111111/wounds/22222222-2222-4222-8222-222222222222";
/** Small, so that a photo of a few is no matter. */
export const CHUNK = 8 << 10;

export class Phone {
  /** What is sealed, as text, as it would be on a disk. */
  readonly visits = new Map<string, string>();
  readonly photos = new Map<string, Uint8Array<ArrayBuffer>>();
  readonly sent: string[] = [];
  now = Date.parse("2026-11-22T10:00:00Z");
  /** Called before and after every call and every write; may throw. */
  moment: (what: string, when: "before" | "after") => void = () => undefined;
  #ids = 0;

  constructor(readonly api: Api) {}

  put(record: VisitRecord): void {
    this.visits.set(record.id, JSON.stringify(record));
  }

  record(id: string): VisitRecord {
    return JSON.parse(this.visits.get(id) ?? "null");
  }

  /** Runs the page until it has nothing to do, or dies. */
  async run(): Promise<Drained> {
    return await drain(
      this.#world(),
      [...this.visits.keys()].map((id) => this.record(id)),
    );
  }

  #world(): World {
    let dead = false;
    const at = async <T>(what: string, act: () => Promise<T>): Promise<T> => {
      const live = (when: "before" | "after") => {
        if (dead) throw new Death();
        try {
          this.moment(what, when);
        } catch (error) {
          dead = error instanceof Death;
          throw error;
        }
      };
      live("before");
      const done = await act();
      live("after");
      return done;
    };
    const api = Object.fromEntries(
      Object.entries(this.api).map(([name, call]) => [
        name,
        (request: never) => at(name, () => call(request) as Promise<unknown>),
      ]),
    ) as unknown as Api;
    const store: Store = {
      read: async (id) => (this.visits.has(id) ? this.record(id) : undefined),
      change: (id, change) =>
        at("change", async () => {
          const record = this.record(id);
          change(record);
          this.put(record);
          return record;
        }),
      bytes: async (photo, offset, wanted) => {
        const all = this.photos.get(photo.id);
        if (!all) throw new LostHere();
        return all.slice(offset, offset + wanted);
      },
      file: (record) =>
        at("file", async () => {
          this.visits.delete(record.id);
          this.sent.push(record.id);
          for (const photo of record.photos) this.photos.delete(photo.id);
        }),
    };
    return {
      api,
      store,
      now: () => this.now,
      id: () => `made-${++this.#ids}`,
      sleep: async (ms) => {
        this.now += ms;
      },
      pace: { chunk: CHUNK },
      progress: () => undefined,
    };
  }
}

const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`;

/** A photo of so many bytes, like no other. */
export function photo(phone: Phone, n: number, size: number): PhotoRecord {
  phone.photos.set(
    id(n),
    Uint8Array.from({ length: size }, (_, at) => (at * n + (at >> 7)) & 255),
  );
  return {
    id: id(n),
    size,
    type: "image/jpeg",
    sha256: String(n).repeat(64).slice(0, 64),
    capturedAt: "2026-11-22T09:55:00Z",
    known: [],
    announceRequestId: id(1000 + n),
    withVisit: true,
    announced: false,
    state: "waiting",
  };
}

/** A visit with these photos and a question. */
export function visit(phone: Phone, photos: PhotoRecord[], more: Partial<VisitRecord> = {}): VisitRecord {
  const record: VisitRecord = {
    id: id(1),
    wound: WOUND,
    title: "",
    visitTime: "2026-11-22T09:50:00Z",
    finishedAt: "2026-11-22T09:59:00Z",
    findings: { ...nothing, lengthMm: 42, widthMm: 30 },
    photos,
    question: {
      requestId: id(2),
      receiver: "organisations/12345678901",
      priority: 1,
      text: "Is it infected?",
    },
    createRequestId: id(3),
    completeRequestId: id(4),
    recorded: false,
    completed: false,
    ...more,
  };
  phone.put(record);
  return record;
}
