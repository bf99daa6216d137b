/** Drafts at the server, and sealed in this device while the server does not have them. */
import { problem } from "../../api/errors";
import { wounds } from "../../api/wounds";
import { vault } from "../../session/vault";
import { fromWire, toWire } from "./draft";
import type { Keeper, Kept } from "./saver";

const KIND = "draft";

export function keeperOf(assessment: string): Keeper {
  const name = `${assessment}/draft`;
  return {
    async read() {
      const draft = await wounds.getAnswerDraft({ name });
      return { draft: fromWire(draft), etag: draft.etag };
    },
    save: async ({ draft, etag }) =>
      (await wounds.saveAnswerDraft({ name, draft: toWire(draft), etag })).etag,
    sealed: () => vault.openJson<Kept>(KIND, assessment),
    seal: (kept) => vault.sealJson(KIND, assessment, kept),
    unseal: () => vault.remove(KIND, assessment),
    async discard() {
      await wounds.deleteAnswerDraft({ name });
    },
  };
}

/** Sends what was left in this device because the server could not be reached. What it will not take stays for its author to see. */
export async function sendSealedDrafts(): Promise<void> {
  for (const { id } of await vault.list(KIND)) {
    const keeper = keeperOf(id);
    const kept = await keeper.sealed();
    if (!kept) continue;
    try {
      await keeper.save(kept);
      await keeper.unseal();
    } catch (error) {
      // Another window has saved something newer: shown when the case is opened. Anything else: the next time.
      if (!problem(error).reason) return;
    }
  }
}
