/** The time, for what a page says about how long ago or until: one timer for everybody who looks at it. */
import { useSyncExternalStore } from "react";

class Ticker {
  readonly #step: number;
  readonly #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #now = new Date();

  constructor(step: number) {
    this.#step = step;
  }

  readonly now = () => this.#now;

  readonly subscribe = (listener: () => void) => {
    if (this.#listeners.size === 0) this.#start();
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) clearInterval(this.#timer);
    };
  };

  #start(): void {
    this.#now = new Date();
    this.#timer = setInterval(() => {
      this.#now = new Date();
      for (const listener of this.#listeners) listener();
    }, this.#step);
  }
}

const minute = new Ticker(60_000);
const second = new Ticker(1_000);

/** Now, anew each minute. */
export function useMinute(): Date {
  return useSyncExternalStore(minute.subscribe, minute.now);
}

/** Now, anew each second. For small components only. */
export function useSecond(): Date {
  return useSyncExternalStore(second.subscribe, second.now);
}
