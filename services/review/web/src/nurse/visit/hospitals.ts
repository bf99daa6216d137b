/** Who can be asked: the hospitals of the directory, those that the patient's consent covers first. */
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { patientOf } from "../../api/names";
import { queries } from "../../api/queries";
import {
  ConsentState,
  type Organisation,
  OrganisationKind,
} from "../../gen/samspil/directory/v1/directory_pb";
import { vault } from "../../session/vault";
import { useVault } from "../outbox/unsent";

export interface Hospital {
  name: string;
  label: string;
  /** Whether the patient's consent covers it; not told while that is not known. */
  covered: boolean | undefined;
}

type Kept = Pick<Organisation, "name" | "displayName">[];

/** Hospitals by name: from the server, or else as they were the last time. Any page that calls it takes them along. */
export function useHospitalList(): Kept {
  const fresh = useQuery(queries.organisations()).data;
  const kept = useVault(readKept);
  useEffect(() => {
    // That it could not be kept for a time without coverage is no trouble now.
    if (fresh) vault.sealJson("hospitals", "all", shortened(fresh)).catch(() => undefined);
  }, [fresh]);
  return fresh ? shortened(fresh) : (kept ?? []);
}

export function useHospitals(wound: string): Hospital[] {
  const known = useHospitalList();
  const consents = useQuery(queries.consents(patientOf(wound))).data;
  const standing = consents?.filter((one) => one.state === ConsentState.GIVEN);
  const covered = standing && new Set(standing.flatMap((one) => one.organisations));
  const hospitals = known.map(({ name, displayName }) => ({
    name,
    label: displayName,
    covered: covered?.has(name),
  }));
  return hospitals.sort((a, b) => Number(b.covered ?? false) - Number(a.covered ?? false));
}

const readKept = () => vault.openJson<Kept>("hospitals", "all");

function shortened(all: Organisation[]): Kept {
  return all.filter(isHospital).map(({ name, displayName }) => ({ name, displayName }));
}

function isHospital(one: Organisation): boolean {
  return one.kind === OrganisationKind.HOSPITAL;
}
