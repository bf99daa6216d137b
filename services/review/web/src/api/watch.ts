/** Streams that go on for as long as a page is open, whatever happens to the connection beneath. */
import { problem } from "./errors";
import { live } from "./live";

interface Update {
  cursor: string;
}

/** What to watch. */
export interface Watched<U extends Update> {
  /** Where to go on from, when the place is known from before. */
  from?: string;
  /** Opens the stream after a cursor. */
  open: (cursor: string, signal: AbortSignal) => AsyncIterable<U>;
  /** Takes an update. It is called once for each, in order. */
  take: (update: U) => void;
  /** The place in the stream is lost, or this is the first time: what was read before may be old, so read it anew. */
  refresh: () => void;
  /** The connection broke. It is tried again by itself. */
  lost?: () => void;
  /**
   * Goes on while nobody sees the page. Over HTTP/1.1 a browser has six connections to a server, and every stream takes one: a page that
   * nobody sees lets go of its streams, and catches up when it is seen again.
   */
  evenHidden?: boolean;
}

/** A stream says where it stands as soon as it is open. One that does not is in trouble. */
const FIRST_WORD_MS = 10_000;
/** A stream that has said nothing for so long may be dead without anybody having closed it: a fresh one tells. */
const SILENCE_MS = 45_000;
const SHORTEST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/** Watches until the signal says stop. Goes on from the last cursor after every break, so that nothing is missed. */
export async function watch<U extends Update>(watched: Watched<U>, signal: AbortSignal): Promise<void> {
  const state = live.open();
  signal.addEventListener("abort", () => state.close(), { once: true });
  let cursor = watched.from ?? "";
  let wait = SHORTEST_WAIT_MS;
  while (!signal.aborted) {
    if (!watched.evenHidden) await seen(signal);
    if (signal.aborted) return;
    const attempt = new Attempt(signal, watched.evenHidden ?? false);
    try {
      for await (const update of watched.open(cursor, attempt.signal)) {
        attempt.heard();
        state.up();
        if (!cursor) watched.refresh();
        cursor = update.cursor;
        watched.take(update);
      }
    } catch (error) {
      if (signal.aborted) return;
      const { reason } = problem(error);
      if (reason === "CURSOR_INVALID") cursor = "";
      // The stream ends with the token that it began with: the next one begins with another.
      if (reason === "TOKEN_EXPIRED") attempt.quiet = true;
      if (!attempt.quiet) {
        state.down();
        watched.lost?.();
      }
    } finally {
      attempt.end();
    }
    if (attempt.quiet) continue;
    // A server that takes calls and drops them at once is not to be asked ever faster.
    if (attempt.lasted()) wait = SHORTEST_WAIT_MS;
    await pause(wait, signal);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }
}

/** One connection: given up from outside, or after too long a silence. */
class Attempt {
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal;
  readonly #begun = Date.now();
  readonly #stop = () => this.#controller.abort();
  #timer: ReturnType<typeof setTimeout>;
  readonly #hide = () => {
    if (document.hidden) this.#leave();
  };
  /** It was given up only because nothing happened for a while, or nobody looked: no sign of trouble. */
  quiet = false;

  constructor(outer: AbortSignal, evenHidden: boolean) {
    this.#outer = outer;
    outer.addEventListener("abort", this.#stop, { once: true });
    if (!evenHidden) document.addEventListener("visibilitychange", this.#hide);
    this.#timer = setTimeout(this.#stop, FIRST_WORD_MS);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether it held for a while. */
  lasted(): boolean {
    return Date.now() - this.#begun >= LONGEST_WAIT_MS;
  }

  heard(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#leave(), SILENCE_MS);
  }

  #leave(): void {
    this.quiet = true;
    this.#stop();
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#outer.removeEventListener("abort", this.#stop);
    document.removeEventListener("visibilitychange", this.#hide);
  }
}

/** Waits until somebody sees the page. */
function seen(signal: AbortSignal): Promise<void> {
  if (!document.hidden) return Promise.resolve();
  return new Promise((resolve) => {
    const look = () => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener("visibilitychange", look);
      signal.removeEventListener("abort", look);
      resolve();
    };
    document.addEventListener("visibilitychange", look);
    signal.addEventListener("abort", look);
  });
}

/** Waits, but no longer than until the network is back. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      globalThis.removeEventListener("online", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    globalThis.addEventListener("online", done, { once: true });
    signal.addEventListener("abort", done, { once: true });
  });
}
