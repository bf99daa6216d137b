/** New versions of the page: found now and then, taken when a person says so. */
import { useSyncExternalStore } from "react";

const EVERY_MS = 30 * 60_000;

let waiting: ServiceWorker | undefined;
let asked = false;
/** Another window has taken the new version: this one still runs the old one. */
let overtaken = false;
const listeners = new Set<() => void>();

function told(): void {
  for (const listener of listeners) listener();
}

function found(worker: ServiceWorker | null): void {
  if (!worker) return;
  const look = () => {
    // The first one ever is no new version.
    if (worker.state !== "installed" || !navigator.serviceWorker.controller) return;
    waiting = worker;
    told();
  };
  worker.addEventListener("statechange", look);
  look();
}

export const version = {
  /** Keeps the page in the device, and looks for a new version when it is opened, comes to the front, or has been open for long. */
  async start(): Promise<void> {
    if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
    const before = navigator.serviceWorker.controller;
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      if (asked) return location.reload();
      if (before) {
        overtaken = true;
        told();
      }
    });
    const registration = await navigator.serviceWorker.register("/sw.js");
    found(registration.waiting);
    registration.addEventListener("updatefound", () => found(registration.installing));
    const look = () => {
      // Without a network there is no new version to be had, which is no trouble.
      if (document.visibilityState === "visible") registration.update().catch(() => undefined);
    };
    document.addEventListener("visibilitychange", look);
    setInterval(look, EVERY_MS);
  },

  /** Begins anew with the new version. */
  take(): void {
    asked = true;
    if (overtaken || !waiting) location.reload();
    else waiting.postMessage("take over");
  },
};

/** Whether there is a newer version than the one that runs. */
export function useNewVersion(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => overtaken || waiting !== undefined,
  );
}
