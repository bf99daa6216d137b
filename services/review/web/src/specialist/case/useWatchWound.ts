/** One stream keeps a case up to date; nothing is asked for again and again. */
import { type QueryClient, type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { problem } from "../../api/errors";
import { woundOf } from "../../api/names";
import { planOf, plans } from "../../api/plans";
import { queries } from "../../api/queries";
import { watch } from "../../api/watch";
import { wounds } from "../../api/wounds";
import type { Assessment } from "../../gen/samspil/wound/v1/assessment_pb";
import { type Flag, FlagState } from "../../gen/samspil/wound/v1/flag_pb";
import type { Message } from "../../gen/samspil/wound/v1/message_pb";
import type { Outline } from "../../gen/samspil/wound/v1/outline_pb";
import type { Score } from "../../gen/samspil/wound/v1/score_pb";
import type { Suggestion } from "../../gen/samspil/wound/v1/suggestion_pb";
import type { Visit } from "../../gen/samspil/wound/v1/visit_pb";
import type { WoundUpdate } from "../../gen/samspil/wound/v1/wound_service_pb";
import { put, putIf, putPhoto } from "./fresh";

/** Watches a wound for as long as it is shown. `onDenied`: the stream may not be opened any more. */
export function useWatchWound(name: string, enabled: boolean, onDenied: () => void): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!enabled) return;
    const stop = new AbortController();
    const open = (cursor: string, signal: AbortSignal) =>
      denied(wounds.watchWounds({ name, cursor }, { signal, timeoutMs: 0 }), onDenied);
    const refresh = () => client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] === name });
    watch({ open, refresh, take: (update) => take(client, update) }, stop.signal);
    return () => stop.abort();
  }, [client, name, enabled, onDenied]);
}

/** Watches a patient's plan. It says what changed part by part; the plan is read anew as a whole. */
export function useWatchPlan(patient: string, enabled: boolean): void {
  const client = useQueryClient();
  useEffect(() => {
    if (!enabled) return;
    const stop = new AbortController();
    const open = (cursor: string, signal: AbortSignal) =>
      plans.watchCarePlan({ name: `${patient}/carePlan`, cursor }, { signal, timeoutMs: 0 });
    const refresh = () => client.invalidateQueries(planOf(patient));
    const take = ({ type }: { type: string }) => type && refresh();
    watch({ open, refresh, take }, stop.signal);
    return () => stop.abort();
  }, [client, patient, enabled]);
}

/** Passes a stream on, and tells when there is no right to it. */
async function* denied<U>(stream: AsyncIterable<U>, onDenied: () => void): AsyncIterable<U> {
  try {
    yield* stream;
  } catch (error) {
    if (problem(error).reason === "NO_RELATION") onDenied();
    throw error;
  }
}

/** Takes an update in. What follows from it and is not told is read anew. */
function take(client: QueryClient, { subject, resource, type }: WoundUpdate): void {
  const name = woundOf(subject);
  const change = <T extends { name: string }>(
    { queryKey }: { queryKey: QueryKey },
    into: (list: T[]) => T[],
  ) => client.setQueryData<T[]>(queryKey, (list) => list && into(list));
  switch (resource.case) {
    case "wound":
      client.setQueryData(queries.wound(name).queryKey, resource.value);
      break;
    case "visit":
      change<Visit>(queries.visits(name), (list) => put(list, resource.value));
      client.invalidateQueries(queries.healing(name));
      break;
    case "photo":
      change<Visit>(queries.visits(name), (list) => putPhoto(list, resource.value));
      if (type.endsWith(".PhotoAnalysed")) client.invalidateQueries(queries.suggestions(name));
      break;
    case "assessment":
      change<Assessment>(queries.assessments(name), (list) => put(list, resource.value));
      break;
    case "message":
      change<Message>(queries.messages(name), (list) => put(list, resource.value));
      break;
    case "flag": {
      const stands = resource.value.state !== FlagState.CLEARED;
      change<Flag>(queries.flags(name), (list) => putIf(list, resource.value, stands));
      break;
    }
    case "score":
      change<Score>(queries.scores(name), (list) => put(list, resource.value));
      break;
    case "outline": {
      const stands = !resource.value.withdrawTime;
      change<Outline>(queries.outlines(name), (list) => putIf(list, resource.value, stands));
      break;
    }
    case "suggestion":
      change<Suggestion>(queries.suggestions(name), (list) => put(list, resource.value));
      break;
  }
}
