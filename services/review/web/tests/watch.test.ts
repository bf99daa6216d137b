import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { watch } from "../src/api/watch";
import { ErrorInfoSchema } from "../src/gen/google/rpc/error_details_pb";

interface Update {
  cursor: string;
  text: string;
}

/** A log that is streamed over connections which do what a test says: each gives what follows the cursor, then does its own thing. */
class Far {
  readonly log: Update[] = [];
  readonly opened: string[] = [];
  readonly ends: ((signal: AbortSignal) => Promise<void>)[] = [];

  write(text: string): void {
    this.log.push({ cursor: String(this.log.length + 1), text });
  }

  async *open(cursor: string, signal: AbortSignal): AsyncIterable<Update> {
    this.opened.push(cursor);
    const end = this.ends.shift() ?? stalls;
    if (end === dead) await dead(signal);
    yield { cursor: cursor || String(this.log.length), text: "" };
    for (const update of this.log) if (cursor && Number(update.cursor) > Number(cursor)) yield update;
    await end(signal);
  }
}

/** Says nothing any more, and does not close. */
const stalls = (signal: AbortSignal) =>
  new Promise<void>((_, reject) => {
    signal.addEventListener("abort", () => reject(new ConnectError("given up", Code.Canceled)));
  });
/** Never says even the first word. */
const dead = (signal: AbortSignal) => stalls(signal);
/** Breaks in the middle. */
const breaks = () => Promise.reject(new ConnectError("broken", Code.Unavailable));

let stop: AbortController;
/** What a test left watching. It is to be at its end before the window that it listens to is taken away. */
let watches: Promise<void>[];

function watching(far: Far, evenHidden = false) {
  const seen: string[] = [];
  const told = { refreshed: 0, lost: 0 };
  const done = watch<Update>(
    {
      open: (cursor, signal) => far.open(cursor, signal),
      take: ({ text }) => text && seen.push(text),
      refresh: () => {
        told.refreshed += 1;
      },
      lost: () => {
        told.lost += 1;
      },
      evenHidden,
    },
    stop.signal,
  );
  watches.push(done);
  return { seen, told, done };
}

/** The window, as far as it tells of the network. */
let network: EventTarget;
let page: EventTarget & { hidden: boolean };

function show(hidden: boolean): void {
  page.hidden = hidden;
  page.dispatchEvent(new Event("visibilitychange"));
}

beforeEach(() => {
  vi.useFakeTimers();
  stop = new AbortController();
  watches = [];
  network = new EventTarget();
  page = Object.assign(new EventTarget(), { hidden: false });
  vi.stubGlobal("document", page);
  vi.stubGlobal("addEventListener", network.addEventListener.bind(network));
  vi.stubGlobal("removeEventListener", network.removeEventListener.bind(network));
});

afterEach(async () => {
  stop.abort();
  await Promise.all(watches);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a stream", () => {
  test("that stalls without closing is opened anew after its last cursor, and nobody is alarmed", async () => {
    const far = new Far();
    far.write("before");
    const { seen, told } = watching(far);
    await vi.advanceTimersByTimeAsync(1_000);
    far.write("while it stalled");
    await vi.advanceTimersByTimeAsync(45_000);
    expect(seen).toEqual(["while it stalled"]);
    expect(far.opened).toEqual(["", "1"]);
    expect(told).toEqual({ refreshed: 1, lost: 0 });
  });

  test("that does not say its first word is in trouble, and is tried again", async () => {
    const far = new Far();
    far.ends.push(dead);
    const { told } = watching(far);
    await vi.advanceTimersByTimeAsync(9_000);
    expect(told.lost).toBe(0);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(told.lost).toBe(1);
    expect(far.opened).toEqual(["", ""]);
    expect(told.refreshed).toBe(1);
  });

  test("that breaks again and again goes on where it was, ever more slowly, without a gap or a double", async () => {
    const far = new Far();
    far.write("before");
    far.ends.push(breaks, breaks, breaks);
    const { seen, told } = watching(far);
    await vi.advanceTimersByTimeAsync(0);
    far.write("one");
    await vi.advanceTimersByTimeAsync(500);
    far.write("two");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(far.opened).toEqual(["", "1", "2"]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(far.opened).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(far.opened).toHaveLength(4);
    expect(seen).toEqual(["one", "two"]);
    expect(told.lost).toBe(3);
  });

  test("whose cursor nobody knows any more begins anew, and everything is read again", async () => {
    const far = new Far();
    far.write("before");
    const unknown = new ConnectError("no", Code.InvalidArgument, undefined, [
      { desc: ErrorInfoSchema, value: { reason: "CURSOR_INVALID" } },
    ]);
    far.ends.push(() => Promise.reject(unknown));
    const { told } = watching(far);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(far.opened).toEqual(["", ""]);
    expect(told.refreshed).toBe(2);
  });

  test("does not wait any longer once the network is back", async () => {
    const far = new Far();
    far.ends.push(...Array.from({ length: 8 }, () => breaks));
    watching(far);
    await vi.advanceTimersByTimeAsync(40_000);
    const before = far.opened.length;
    await vi.advanceTimersByTimeAsync(100);
    expect(far.opened).toHaveLength(before);
    network.dispatchEvent(new Event("online"));
    await vi.advanceTimersByTimeAsync(0);
    expect(far.opened).toHaveLength(before + 1);
  });

  test("of a page that nobody sees is let go, and catches up when somebody does", async () => {
    const far = new Far();
    far.write("before");
    const { seen, told } = watching(far);
    await vi.advanceTimersByTimeAsync(0);
    show(true);
    far.write("unseen");
    await vi.advanceTimersByTimeAsync(120_000);
    expect(far.opened).toEqual([""]);
    expect(seen).toEqual([]);
    show(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(far.opened).toEqual(["", "1"]);
    expect(seen).toEqual(["unseen"]);
    expect(told).toEqual({ refreshed: 1, lost: 0 });
  });

  test("that is to go on unseen does", async () => {
    const far = new Far();
    far.write("before");
    const { seen } = watching(far, true);
    await vi.advanceTimersByTimeAsync(0);
    show(true);
    far.write("unseen");
    await vi.advanceTimersByTimeAsync(46_000);
    expect(seen).toEqual(["unseen"]);
  });

  test("ends when nobody watches any more", async () => {
    const far = new Far();
    const { done } = watching(far);
    await vi.advanceTimersByTimeAsync(0);
    stop.abort();
    await done;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(far.opened).toHaveLength(1);
  });
});
