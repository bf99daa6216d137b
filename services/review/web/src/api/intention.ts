/** One request id for one thing that a person wants, however often it has to be sent. */
import { type UseMutationResult, useMutation } from "@tanstack/react-query";
import { useRef } from "react";

/** The id of what is wanted: the same for the same thing until it is done, another one for anything else. */
export class Intention {
  #what = "";
  #id = "";

  id(what: unknown): string {
    const now = JSON.stringify(what);
    if (now !== this.#what || !this.#id) {
      this.#what = now;
      this.#id = crypto.randomUUID();
    }
    return this.#id;
  }

  done(): void {
    this.#id = "";
  }
}

/** A change that a person makes. After a failure the same change goes out under the same request id again. */
export function useIntention<W, R>(
  act: (what: W, requestId: string) => Promise<R>,
  done?: (result: R, what: W) => void,
): UseMutationResult<R, Error, W> {
  const intention = useRef(new Intention());
  return useMutation({
    mutationFn: (what: W) => act(what, intention.current.id(what)),
    onSuccess: (result, what) => {
      intention.current.done();
      done?.(result, what);
    },
  });
}
