import { idOf, pages } from "../../api/names";

/** The page of a case, opened at a question. */
export function casePage(assessment: string): string {
  return `${pages.wound(assessment)}?assessment=${idOf(assessment)}`;
}
