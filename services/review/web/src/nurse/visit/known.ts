/** What is known about the wound before the visit: from the server, or else from what the nurse took along. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { patientOf } from "../../api/names";
import { queries } from "../../api/queries";
import type { Citizen } from "../../gen/samspil/directory/v1/directory_pb";
import { LateralitySchema, type Wound } from "../../gen/samspil/wound/v1/wound_pb";
import { term } from "../../i18n/terms";
import { lastFindings, takenWound } from "../follow/along";
import { type LastVisit, lastOf, ofWire } from "./last";

export interface Known {
  /** Whose wound: for the screen and for the sealed record, never for an address or a window's title. */
  title: string;
  last: LastVisit | undefined;
  /** Neither the server nor this device can say what was found the last time. */
  lost: boolean;
}

export function useKnown(name: string): Known {
  const visits = useQuery(queries.visits(name));
  const wound = useQuery(queries.wound(name)).data;
  const citizen = useQuery(queries.citizen(patientOf(name))).data;
  const taken = useTaken(name);
  const last = visits.data ? lastOf(visits.data) : taken?.last;
  return {
    title: titleOf(citizen ?? taken?.citizen, wound ?? taken?.wound),
    last,
    lost: visits.isError && !last,
  };
}

function titleOf(citizen: Citizen | undefined, wound: Wound | undefined): string {
  const side = wound && term(LateralitySchema, wound.laterality);
  const site = [wound?.bodySite?.display, side].filter(Boolean).join(", ");
  return [citizen?.displayName, site, wound?.label].filter(Boolean).join(" · ");
}

interface Taken {
  wound: Wound | undefined;
  citizen: Citizen | undefined;
  last: LastVisit | undefined;
}

function useTaken(name: string): Taken | undefined {
  const [taken, setTaken] = useState<Taken>();
  useEffect(() => {
    let wanted = true;
    const found = Promise.all([takenWound(name), lastFindings(name)]);
    found.then(([course, last]) => {
      if (!wanted) return;
      setTaken({
        wound: course?.wound,
        citizen: course?.citizen,
        last: last && { at: last.time, findings: ofWire(last.findings) },
      });
    });
    return () => {
      wanted = false;
    };
  }, [name]);
  return taken;
}
