/** Web Locks as far as the tool uses them, for where there is no browser. */

type Held = (lock: object | null) => unknown;
interface Options {
  ifAvailable?: boolean;
  signal?: AbortSignal;
}

export class Locks {
  readonly #queues = new Map<string, (() => void)[]>();

  async request(name: string, second: Options | Held, third?: Held): Promise<unknown> {
    const [options, callback] = typeof second === "function" ? [{}, second] : [second, third];
    if (!callback) throw new TypeError("no callback");
    const queue = this.#queues.get(name);
    if (queue && options.ifAvailable) return await callback(null);
    if (queue) await this.#turn(queue, options.signal);
    else this.#queues.set(name, []);
    try {
      return await callback({ name });
    } finally {
      const next = this.#queues.get(name)?.shift();
      if (next) next();
      else this.#queues.delete(name);
    }
  }

  #turn(queue: (() => void)[], signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const turn = () => resolve();
      queue.push(turn);
      signal?.addEventListener("abort", () => {
        const at = queue.indexOf(turn);
        if (at >= 0) queue.splice(at, 1);
        reject(signal.reason);
      });
    });
  }
}
