import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { watch } from "../../api/watch";
import { wounds } from "../../api/wounds";
import { usePerson } from "../../session/session";
import { learn } from "../assessment/learn";
import { queueKey } from "./query";

/** Keeps every queue that is shown or kept up to date for as long as the component is there. */
export function useWatchQueue(): void {
  const client = useQueryClient();
  const { id, organisation } = usePerson();
  useEffect(() => {
    const stop = new AbortController();
    watch(
      {
        open: (cursor, signal) => wounds.watchQueue({ cursor }, { signal, timeoutMs: 0 }),
        take: ({ assessment, wound }) => {
          if (assessment) learn(client, { id, organisation }, assessment, wound);
        },
        refresh: () => client.invalidateQueries({ queryKey: queueKey }),
      },
      stop.signal,
    );
    return () => stop.abort();
  }, [client, id, organisation]);
}
