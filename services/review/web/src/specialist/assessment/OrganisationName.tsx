import { useQuery } from "@tanstack/react-query";
import { idOf } from "../../api/names";
import { queries } from "../../api/queries";

/** What an organisation is called; its SOR code until that is known. */
export function OrganisationName({ name }: { name: string }) {
  const { data } = useQuery({ ...queries.organisation(name), enabled: name !== "" });
  return data?.displayName ?? idOf(name);
}
