/** What must not get lost with a sign-out: it stays in the device, sealed, until the same person signs in again. */
import { vault } from "./vault";

/** Kinds of sealed things that somebody waits for: visits and photos on their way, unfinished forms, answers that are not saved. */
const kinds = ["visit", "photo", "form", "draft"] as const;

export const waiting = {
  kinds,

  /** How many visits, forms and answers the person has not sent yet. None where nothing was opened to keep them in. */
  async count(): Promise<number> {
    if (!vault.isOpen()) return 0;
    const all = await Promise.all([vault.list("visit"), vault.list("form"), vault.list("draft")]);
    return all.reduce((sum, entries) => sum + entries.length, 0);
  },
};
