/** One change that a person wants is asked for under one request id, however often it has to be sent. */
import { isUnauthenticated, isUnreachable } from "./errors";

/** Keeps a request whose outcome is not known, so that sending it again cannot do it twice. */
export class Intention<R extends object> {
  #kept: { of: string; request: R & { requestId: string } } | undefined;

  /** The request for what is wanted: the one that was sent before when its outcome is still unknown, else a new one. */
  async send<T>(
    of: string,
    make: () => R,
    call: (request: R & { requestId: string }) => Promise<T>,
  ): Promise<T> {
    if (this.#kept?.of !== of) this.#kept = { of, request: { ...make(), requestId: crypto.randomUUID() } };
    const { request } = this.#kept;
    try {
      const done = await call(request);
      this.#forget(request.requestId);
      return done;
    } catch (error) {
      if (!isUnreachable(error) && !isUnauthenticated(error)) this.#forget(request.requestId);
      throw error;
    }
  }

  #forget(requestId: string): void {
    if (this.#kept?.request.requestId === requestId) this.#kept = undefined;
  }
}
