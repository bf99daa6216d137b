/**
 * Sends what waits, whenever there is a way: at the start, when something changes, when the network, the server or the sign-in is back,
 * when the page comes to the front. One window of this browser sends at a time; all of them are told how it goes.
 */
import { wounds } from "../../api/wounds";
import { session } from "../../session/session";
import { vault } from "../../session/vault";
import { drain } from "./drain";
import type { World } from "./ports";
import { progress } from "./progress";
import { store, sweep, unsentVisits } from "./store";

const SHORTEST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** `setTimeout` counts no further; a longer rest ends in a look that finds nothing to do. */
const LONGEST_TIMER_MS = 3_600_000;

const world: World = {
  api: wounds,
  store,
  now: () => Date.now(),
  id: () => crypto.randomUUID(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  pace: { chunk: 256 << 10 },
  progress: (photo, bytes) => progress.photo(photo, bytes),
};

let started = false;
let running = false;
/** Something has happened since the run began. */
let missed = false;
let wait = SHORTEST_WAIT_MS;
let timer: ReturnType<typeof setTimeout> | undefined;

export const sender = {
  /** Begins to send, for as long as the page lives. */
  start(): void {
    if (started) return;
    started = true;
    addEventListener("online", sender.wake);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") sender.wake();
    });
    // A token of another window is in the storage that all share; its own is told by the session.
    addEventListener("storage", sender.wake);
    let wasExpired = false;
    session.subscribe(() => {
      const now = session.current();
      const expired = now.state === "signedIn" && now.expired;
      if (wasExpired && !expired) sender.wake();
      wasExpired = expired;
    });
    void navigator.locks.request("samspil.sweep", { ifAvailable: true }, async (lock) => {
      if (lock && vault.isOpen()) await sweep();
    });
    sender.wake();
  },

  /** Tries now, whatever was to be waited for. */
  wake(): void {
    wait = SHORTEST_WAIT_MS;
    void run();
  },
};

async function run(): Promise<void> {
  if (running) {
    missed = true;
    return;
  }
  running = true;
  clearTimeout(timer);
  try {
    do {
      missed = false;
      await navigator.locks.request("samspil.outbox", send);
    } while (missed);
  } finally {
    running = false;
  }
}

async function send(): Promise<void> {
  if (!vault.isOpen()) return;
  const visits = await unsentVisits();
  if (visits.length === 0) return progress.state("idle");
  progress.state("sending");
  const { stop, again } = await drain(world, visits);
  if (stop === "signIn") return progress.state("signIn");
  progress.state(stop ?? "idle");
  const rest = stop ? wait * (0.75 + Math.random() / 2) : again - Date.now();
  if (stop) wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  if (Number.isFinite(rest)) timer = setTimeout(run, Math.min(Math.max(rest, 0), LONGEST_TIMER_MS));
}
