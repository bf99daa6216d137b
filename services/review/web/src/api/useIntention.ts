/** A change that a person makes, for a component. */
import { type UseMutationResult, useMutation } from "@tanstack/react-query";
import { useRef } from "react";
import { Intention } from "./intention";

/** Tells what is wanted. After a failure whose outcome nobody knows, the same goes out under the same request id again. */
export function useIntention<W extends string | object, R>(
  act: (what: W, requestId: string) => Promise<R>,
  done?: (result: R, what: W) => void,
): UseMutationResult<R, Error, W> {
  const intention = useRef(new Intention<{ what: W }>());
  return useMutation({
    mutationFn: (what: W) =>
      intention.current.send(
        nameOf(what),
        () => ({ what }),
        (kept) => act(kept.what, kept.requestId),
      ),
    ...(done && { onSuccess: done }),
  });
}

/** What is wanted, whichever version of a thing it was read with. */
function nameOf(what: string | object): string {
  return JSON.stringify(typeof what === "object" ? { ...what, etag: undefined } : what);
}
