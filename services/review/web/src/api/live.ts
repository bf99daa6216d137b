/** Whether what the page shows is live: one answer for all its streams, for the mark in the header. */
import { useSyncExternalStore } from "react";

export type Liveness = "idle" | "live" | "connecting";

interface Stream {
  up(): void;
  down(): void;
  close(): void;
}

const streams = new Map<symbol, boolean>();
const listeners = new Set<() => void>();

function told(): void {
  for (const listener of listeners) listener();
}

function liveness(): Liveness {
  if (streams.size === 0) return "idle";
  return [...streams.values()].every(Boolean) ? "live" : "connecting";
}

export const live = {
  open(): Stream {
    const id = Symbol();
    const set = (up: boolean) => {
      if (streams.get(id) === up) return;
      streams.set(id, up);
      told();
    };
    set(false);
    return {
      up: () => set(true),
      down: () => set(false),
      close: () => {
        streams.delete(id);
        told();
      },
    };
  },
};

/** The liveness of the page, for a component. */
export function useLiveness(): Liveness {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => liveness(),
  );
}
