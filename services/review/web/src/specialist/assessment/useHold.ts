/** Taking an assessment and putting it back. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { problem } from "../../api/errors";
import { Intention } from "../../api/intention";
import { wounds } from "../../api/wounds";
import type { Assessment } from "../../gen/samspil/wound/v1/assessment_pb";
import { usePerson } from "../../session/session";
import { learn } from "./learn";

export type HoldAct = "claim" | "release";

export interface HoldFailure {
  act: HoldAct;
  /** What was read after the refusal; what it was like before when nothing could be read. */
  assessment: Assessment;
  error: unknown;
}

/** Refusals after which the assessment is not what the page thought: it is read again, so that everybody sees at once what it is. */
const surprises = [
  "ASSESSMENT_CLAIMED",
  "ASSESSMENT_NOT_CLAIMED",
  "ASSESSMENT_ANSWERED",
  "ASSESSMENT_AWAITS_MORE",
  "ASSESSMENT_ENDED",
  "ETAG_MISMATCH",
];

interface Wanted {
  name: string;
  etag: string;
}

export interface Holding {
  /** What is under way, by the assessment's name. */
  pending: ReadonlyMap<string, HoldAct>;
  failure: HoldFailure | undefined;
  forget: () => void;
  /** Tells whether it worked. */
  act: (act: HoldAct, assessment: Assessment) => Promise<boolean>;
}

export function useHold(): Holding {
  const client = useQueryClient();
  const person = usePerson();
  const intentions = useRef(new Map<string, Intention<Wanted>>());
  const running = useRef(new Set<string>());
  const [pending, setPending] = useState<ReadonlyMap<string, HoldAct>>(new Map());
  const [failure, setFailure] = useState<HoldFailure>();

  const act = useCallback(
    async (act: HoldAct, assessment: Assessment): Promise<boolean> => {
      const { name } = assessment;
      if (running.current.has(name)) return false;
      running.current.add(name);
      setPending((before) => new Map(before).set(name, act));
      setFailure(undefined);
      const intention = intentions.current.get(name) ?? new Intention<Wanted>();
      intentions.current.set(name, intention);
      try {
        // No etag: taking or putting back holds for the assessment whatever else has changed about it.
        const call = act === "claim" ? wounds.claimAssessment : wounds.releaseAssessment;
        learn(
          client,
          person,
          await intention.send(
            act,
            () => ({ name, etag: "" }),
            (request) => call(request),
          ),
        );
        return true;
      } catch (error) {
        const found = surprises.includes(problem(error).reason)
          ? await wounds.getAssessment({ name }).catch(() => undefined)
          : undefined;
        if (found) learn(client, person, found);
        setFailure({ act, assessment: found ?? assessment, error });
        return false;
      } finally {
        running.current.delete(name);
        setPending((before) => {
          const after = new Map(before);
          after.delete(name);
          return after;
        });
      }
    },
    [client, person],
  );

  return { pending, failure, forget: useCallback(() => setFailure(undefined), []), act };
}
