/** Who can be asked: the hospitals of the directory, those that the patient's consent covers first. */
import { useQuery } from "@tanstack/react-query";
import { useCallback, useEffect } from "react";
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

export function useHospitals(wound: string): Hospital[] {
  const fresh = useQuery(queries.organisations()).data;
  const consents = useQuery(queries.consents(patientOf(wound))).data;
  const kept = useVault(useCallback(() => vault.openJson<Kept>("hospitals", "all"), []));
  useEffect(() => {
    if (!fresh) return;
    // For the next time without coverage. That it could not be kept is no trouble now.
    const hospitals: Kept = fresh.filter(isHospital).map(({ name, displayName }) => ({ name, displayName }));
    vault.sealJson("hospitals", "all", hospitals).catch(() => undefined);
  }, [fresh]);

  const known: Kept = fresh?.filter(isHospital) ?? kept ?? [];
  const standing = consents?.filter((one) => one.state === ConsentState.GIVEN);
  const covered = standing && new Set(standing.flatMap((one) => one.organisations));
  const hospitals = known.map(({ name, displayName }) => ({
    name,
    label: displayName,
    covered: covered?.has(name),
  }));
  return hospitals.sort((a, b) => Number(b.covered ?? false) - Number(a.covered ?? false));
}

function isHospital(one: Organisation): boolean {
  return one.kind === OrganisationKind.HOSPITAL;
}
