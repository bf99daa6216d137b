/** What an activity is about, in the page's language. */
import i18next from "i18next";
import type { Activity } from "../../gen/samspil/careplan/v1/activity_pb";

/** The plan's own words for what follows from a question or an answer. Whatever a person wrote is shown as it is. */
const own = {
  "Photograph the wound": "nurse:plan.photograph",
  "Call the patient in": "nurse:plan.callIn",
  "Assess the wound": "nurse:plan.assess",
} as const;

export function activityText(activity: Activity): string {
  const known = own[activity.description as keyof typeof own];
  return known ? i18next.t(known) : activity.description;
}
