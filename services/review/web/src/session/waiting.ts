/** What must not get lost with a sign-out: it stays in the device, sealed, until the same person signs in again. */
import { vault } from "./vault";

/** Kinds of sealed things that somebody waits for: a visit on its way, its photos, a form that is not finished. */
const kinds = ["visit", "photo", "form"] as const;

export const waiting = {
  kinds,

  /** How many visits and forms the person has not sent yet. */
  async count(): Promise<number> {
    const all = await Promise.all([vault.list("visit"), vault.list("form")]);
    return all.reduce((sum, entries) => sum + entries.length, 0);
  },
};
