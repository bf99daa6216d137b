/** A citizen's trail for a page: read when it opens, given up when it closes. */
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { audit } from "../api/audit";
import { type Page, type Part, Trail } from "./trail";

/** Few enough to come at once, many enough that most citizens need no second. */
const PAGE = 100;

/** `attempt`: another one reads everything anew. */
export function useTrail(patient: string, attempt: number): { trail: Trail; parts: readonly Part[] } {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt begins anew
  const trail = useMemo(() => new Trail(pagesOf(patient)), [patient, attempt]);
  useEffect(() => {
    void trail.begin();
    return () => trail.close();
  }, [trail]);
  return { trail, parts: useSyncExternalStore(trail.subscribe, trail.parts) };
}

const pagesOf =
  (patient: string): Page =>
  (source, pageToken, signal) =>
    audit.listAuditEvents({ parent: patient, source, pageSize: PAGE, pageToken }, { signal });
