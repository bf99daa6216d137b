/** A consent while it is being filled in. */
import { type Organisation, OrganisationKind } from "../../gen/samspil/directory/v1/directory_pb";

export interface ConsentForm {
  /** Names of organisations besides the own one. */
  others: string[];
  document: string;
  /** `YYYY-MM-DD`. */
  date: string;
}

export type ConsentFault = "document" | "date" | "future";

/** What is wrong with it, by field. */
export function consentFaults(
  form: ConsentForm,
  today: string,
): Partial<Record<"document" | "date", ConsentFault>> {
  return {
    ...(!form.document.trim() && { document: "document" as const }),
    ...(!form.date ? { date: "date" as const } : form.date > today && { date: "future" as const }),
  };
}

/** Whom a consent can cover besides the own organisation: hospitals, the practices of the citizen's municipality, then the rest. */
export function offered(
  all: readonly Organisation[],
  own: string,
  municipality: string,
): { kind: OrganisationKind; organisations: Organisation[] }[] {
  const near = (one: Organisation) => one.municipalityCode === municipality;
  const order = [OrganisationKind.HOSPITAL, OrganisationKind.GENERAL_PRACTICE, OrganisationKind.MUNICIPALITY];
  return order
    .map((kind) => ({
      kind,
      organisations: all
        .filter((one) => one.kind === kind && one.name !== own)
        .sort(
          (a, b) => Number(near(b)) - Number(near(a)) || a.displayName.localeCompare(b.displayName, "da"),
        ),
    }))
    .filter(({ organisations }) => organisations.length > 0);
}

/** The day as people here write it down. */
export function today(now: Date = new Date()): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Copenhagen" }).format(now);
}

/** When a consent of a day was given: now, if it is today's, else at noon. */
export function givenAt(date: string, now: Date = new Date()): Date {
  return date === today(now) ? now : new Date(`${date}T11:00:00Z`);
}
