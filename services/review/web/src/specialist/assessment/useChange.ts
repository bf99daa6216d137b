/** A change of an assessment that a person asks for: never done twice, and known everywhere at once when it is done. */

import { Code } from "@connectrpc/connect";
import { type UseMutationResult, useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { problem } from "../../api/errors";
import { Intention } from "../../api/intention";
import { wounds } from "../../api/wounds";
import type { Assessment } from "../../gen/samspil/wound/v1/assessment_pb";
import { usePerson } from "../../session/session";
import { learn } from "./learn";

interface Change<V, R extends object> {
  /** The assessment that it is about. */
  name: string;
  make: (wanted: V) => R;
  call: (request: R & { requestId: string }) => Promise<Assessment>;
  /** Called before everybody learns of it. */
  onDone?: (done: Assessment) => void;
}

export function useChange<V, R extends object>(
  change: Change<V, R>,
): UseMutationResult<Assessment, unknown, V> {
  const client = useQueryClient();
  const person = usePerson();
  const intention = useRef(new Intention<R>());
  return useMutation({
    mutationFn: (wanted: V) =>
      intention.current.send(JSON.stringify(wanted), () => change.make(wanted), change.call),
    onSuccess: (done) => {
      change.onDone?.(done);
      learn(client, person, done);
    },
    onError: async (error) => {
      // It is not what the page thought it was: everybody here gets to know what it is.
      if (![Code.Aborted, Code.FailedPrecondition].includes(problem(error).code)) return;
      const found = await wounds.getAssessment({ name: change.name }).catch(() => undefined);
      if (found) learn(client, person, found);
    },
  });
}
