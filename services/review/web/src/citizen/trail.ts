/**
 * Who looked at a citizen, as one list: the newest first, over the audits of all services, page by page.
 *
 * Each service keeps its own list and its own place in it. An entry is shown once nothing newer can come of any list that goes on, so
 * that none is ever put in above what was read already. A list that fails or is slow holds nobody up: it is named as missing.
 */
import type { Timestamp } from "@bufbuild/protobuf/wkt";
import type { AuditEvent } from "../gen/samspil/audit/v1/audit_pb";

export const sources = ["directory", "referral", "careplan", "wound", "review"] as const;
export type Source = (typeof sources)[number];

/** One service's list, as far as it is known. */
export interface Part {
  source: Source;
  /** The newest first. */
  events: readonly AuditEvent[];
  /** Where it goes on. */
  next: string;
  /** `asked`: a page is on its way; `late`: for so long that nobody waits for it any more. */
  state: "asked" | "late" | "open" | "ended" | "failed";
  error?: unknown;
}

/** A page of a service's list. */
export type Page = (
  source: Source,
  pageToken: string,
  signal: AbortSignal,
) => Promise<{ auditEvents: AuditEvent[]; nextPageToken: string }>;

/** After so long the rest is shown without a list that is slow. */
export const LATE_MS = 4_000;

/** At most so many pages at once in search of what is rare. */
const ROUNDS = 8;

/** Below zero when the first is the newer one. At the same moment the id decides, as it does within each list. */
export function newestFirst(a: AuditEvent, b: AuditEvent): number {
  return compare(b.time, a.time) || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
}

function compare(a: Timestamp | undefined, b: Timestamp | undefined): number {
  return Number((a?.seconds ?? 0n) - (b?.seconds ?? 0n)) || (a?.nanos ?? 0) - (b?.nanos ?? 0);
}

/** What may be shown: everything that is not older than how far every list has been read that goes on. */
export function merged(parts: readonly Part[]): AuditEvent[] {
  const edges = goingOn(parts).map(({ events }) => events.at(-1));
  if (edges.includes(undefined)) return [];
  const edge = edges.filter((one) => one !== undefined).sort(newestFirst)[0];
  const all = parts.flatMap(({ events }) => events).sort(newestFirst);
  return edge ? all.filter((one) => newestFirst(one, edge) <= 0) : all;
}

/** The lists that keep the next entries from being shown. */
export function holdingUp(parts: readonly Part[]): Part[] {
  const shown = new Set(merged(parts));
  return goingOn(parts).filter(({ events }) => events.every((one) => shown.has(one)));
}

function goingOn(parts: readonly Part[]): Part[] {
  return parts.filter(({ state }) => state === "open" || state === "asked");
}

export class Trail {
  readonly #page: Page;
  readonly #listeners = new Set<() => void>();
  #stop = new AbortController();
  #parts: readonly Part[] = sources.map((source) => ({ source, events: [], next: "", state: "asked" }));
  #enough: (shown: AuditEvent[]) => boolean = () => true;
  #rounds = 0;
  #goingOn = false;

  constructor(page: Page) {
    this.#page = page;
  }

  readonly parts = () => this.#parts;

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Reads the first page of every list, then as [`more`] was told. */
  async begin(): Promise<void> {
    this.#stop = new AbortController();
    await this.#ask(this.#parts);
    await this.#goOn();
  }

  /** Reads on until there is enough, or no more, or for a while. Nothing is read before [`begin`]. */
  async more(enough: (shown: AuditEvent[]) => boolean): Promise<void> {
    this.#enough = enough;
    this.#rounds = ROUNDS;
    await this.#goOn();
  }

  /** Asks those again that failed, from where they were, until they have caught up with the others. */
  async retry(): Promise<void> {
    this.#rounds = ROUNDS;
    await this.#ask(this.#parts.filter(({ state }) => state === "failed"));
    await this.#goOn();
  }

  /** Gives up what is on its way. */
  close(): void {
    this.#stop.abort();
  }

  async #goOn(): Promise<void> {
    if (this.#goingOn) return;
    this.#goingOn = true;
    const { signal } = this.#stop;
    while (this.#rounds > 0 && !signal.aborted && !this.#enough(merged(this.#parts))) {
      const next = holdingUp(this.#parts).filter(({ state }) => state === "open");
      if (next.length === 0) break;
      this.#rounds -= 1;
      await this.#ask(next);
    }
    this.#goingOn = false;
  }

  async #ask(some: readonly Part[]): Promise<void> {
    await Promise.all(some.map((one) => this.#askOne(one)));
  }

  /** Comes back when the page is there, or late. */
  async #askOne({ source, next }: Part): Promise<void> {
    const { signal } = this.#stop;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isLate = false;
    const change = (how: (part: Part) => Part) => {
      if (!signal.aborted) this.#change(source, how);
    };
    change(({ error: _, ...part }) => ({ ...part, state: "asked" }));
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        isLate = true;
        change((part) => ({ ...part, state: "late" }));
        resolve();
      }, LATE_MS);
    });
    const answered = this.#page(source, next, signal).then(
      ({ auditEvents, nextPageToken }) => {
        change(({ events }) => ({
          source,
          events: [...events, ...auditEvents],
          next: nextPageToken,
          state: nextPageToken ? "open" : "ended",
        }));
        // The others have gone on without it: it catches up.
        if (!isLate) return;
        this.#rounds = ROUNDS;
        void this.#goOn();
      },
      (error) => change((part) => ({ ...part, state: "failed", error })),
    );
    await Promise.race([answered, late]);
    clearTimeout(timer);
  }

  #change(source: Source, how: (part: Part) => Part): void {
    this.#parts = this.#parts.map((part) => (part.source === source ? how(part) : part));
    for (const listener of this.#listeners) listener();
  }
}
