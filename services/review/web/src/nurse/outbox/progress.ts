/** How the sending goes, for every window: told by the one that sends, kept by none. */
import { useSyncExternalStore } from "react";

export type State = "idle" | "sending" | "unreachable" | "signIn";

interface Progress {
  state: State;
  /** Bytes of each photo that have arrived. */
  photos: Readonly<Record<string, number>>;
}

let current: Progress = { state: "idle", photos: {} };
const listeners = new Set<() => void>();
const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("samspil.outbox");
channel?.addEventListener("message", (event) => become(event.data as Progress));

function become(next: Progress): void {
  current = next;
  for (const listener of listeners) listener();
}

function tell(next: Progress): void {
  become(next);
  channel?.postMessage(next);
}

export const progress = {
  state(state: State): void {
    tell({ state, photos: state === "idle" ? {} : current.photos });
  },

  photo(id: string, bytes: number): void {
    tell({ ...current, photos: { ...current.photos, [id]: bytes } });
  },
};

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useProgress(): Progress {
  return useSyncExternalStore(subscribe, () => current);
}
