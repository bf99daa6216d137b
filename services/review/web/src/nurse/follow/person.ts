/** How people and wounds are told apart in a line. */
import i18next from "i18next";
import type { Citizen } from "../../gen/samspil/directory/v1/directory_pb";
import { LateralitySchema, type Wound, WoundTypeSchema } from "../../gen/samspil/wound/v1/wound_pb";
import { age, day } from "../../i18n/format";
import { term } from "../../i18n/terms";
import { siteText } from "../wound/bodySites";

/** A day of the contract, `YYYY-MM-DD`, as people read it. */
export function isoDay(date: string): string {
  // Noon, so that no time zone makes it the day before.
  return date ? day(new Date(`${date}T12:00:00Z`)) : "";
}

/** `25. dec. 1948 (77 år)`. */
export function bornText(citizen: Citizen): string {
  const years = age(citizen.birthDate);
  if (!citizen.birthDate) return i18next.t("nurse:bornUnknown");
  // A replacement number may tell a day that is yet to come.
  if (years === undefined || years < 0) return i18next.t("nurse:bornOn", { date: isoDay(citizen.birthDate) });
  return i18next.t("nurse:born", { date: isoDay(citizen.birthDate), count: years });
}

/** `Tryksår · hæl, venstre`. */
export function woundText(wound: Wound): string {
  const type = term(WoundTypeSchema, wound.type) || i18next.t("nurse:typeUnknown");
  const place = [siteText(wound.bodySite), term(LateralitySchema, wound.laterality)]
    .filter(Boolean)
    .join(", ");
  return [type, place].filter(Boolean).join(" · ");
}
