import { useQuery } from "@tanstack/react-query";
import { idOf } from "../api/names";
import { queries } from "../api/queries";

/** An organisation's name; its code until that is known. */
export function Organisation({ name }: { name: string }) {
  return <>{useOrganisation(name)}</>;
}

/** As [`Organisation`], for where a text is wanted. */
export function useOrganisation(name: string): string {
  const { data } = useQuery({ ...queries.organisation(name), enabled: name !== "" });
  return data?.displayName || (name && idOf(name));
}
