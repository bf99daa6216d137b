/** A citizen's trail for a page: read when it opens, given up when it closes. */
import { useEffect, useState, useSyncExternalStore } from "react";
import { audit } from "../api/audit";
import { type Page, type Part, Trail } from "./trail";

/** Few enough to come at once, many enough that most citizens need no second. */
const PAGE = 100;

export function useTrail(patient: string): { trail: Trail; parts: readonly Part[] } {
  const [trail] = useState(() => new Trail(pagesOf(patient)));
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
