/** What was found at the visit before. */
import { timestampDate } from "@bufbuild/protobuf/wkt";
import type { Visit, Findings as Wire } from "../../gen/samspil/wound/v1/visit_pb";
import type { Findings } from "../outbox/findings";

export interface LastVisit {
  at: Date;
  findings: Findings;
}

/** The latest of the visits by the nurse's own clock. */
export function lastOf(visits: readonly Visit[]): LastVisit | undefined {
  let latest: LastVisit | undefined;
  for (const { visitTime, findings } of visits) {
    if (!visitTime || !findings) continue;
    const at = timestampDate(visitTime);
    if (!latest || at > latest.at) latest = { at, findings: ofWire(findings) };
  }
  return latest;
}

/** A code of 0 says that it was not assessed, which here is said by not being there. */
export function ofWire(wire: Wire): Findings {
  const told = <T extends number>(code: T) => (code === 0 ? undefined : code);
  const found = {
    lengthMm: wire.lengthMm,
    widthMm: wire.widthMm,
    depthMm: wire.depthMm,
    exudateAmount: told(wire.exudateAmount),
    exudateType: told(wire.exudateType),
    edge: told(wire.edge),
    odour: told(wire.odour),
    pain: wire.pain,
  };
  return {
    ...(Object.fromEntries(
      Object.entries(found).filter(([, value]) => value !== undefined),
    ) as Partial<Findings>),
    tissue: wire.tissue.map(({ type, percent }) => ({ type, percent })),
    surroundingSkin: [...wire.surroundingSkin],
    infectionSigns: [...wire.infectionSigns],
    undermining: wire.undermining.map(({ fromClock, toClock, lengthMm }) => ({
      fromClock,
      toClock,
      lengthMm,
    })),
    dressing: wire.dressing,
    note: wire.note,
  };
}
