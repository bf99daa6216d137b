/** Whose wound, in the nurse's words: for the screen and for the sealed record, never for an address or a title. */
import { useQuery } from "@tanstack/react-query";
import { queries } from "../../api/queries";
import type { Citizen } from "../../gen/samspil/directory/v1/directory_pb";
import { LateralitySchema } from "../../gen/samspil/wound/v1/wound_pb";
import { term } from "../../i18n/terms";

export function useTitle(name: string, citizen: Citizen | null | undefined): string {
  const wound = useQuery(queries.wound(name)).data;
  const site =
    wound && [wound.bodySite?.display, term(LateralitySchema, wound.laterality)].filter(Boolean).join(", ");
  return [citizen?.displayName, site, wound?.label].filter(Boolean).join(" · ");
}
