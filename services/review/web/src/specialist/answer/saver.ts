/**
 * Saves what is typed, shortly after the typing stops, so that nothing of it can get lost: sealed in this device first, then at the
 * server. What the server cannot be told now is told later; what another window has saved is put beside it, for a person to choose.
 */
import { Code } from "@connectrpc/connect";
import { isUnauthenticated, isUnreachable, problem } from "../../api/errors";
import { type Draft, emptyDraft, isEmpty, isSame } from "./draft";

/** What was saved, and the etag that a next save goes on from. */
export interface Kept {
  draft: Draft;
  etag: string;
}

/** Where drafts are kept. */
export interface Keeper {
  read(): Promise<Kept>;
  /** Returns the new etag. */
  save(kept: Kept): Promise<string>;
  sealed(): Promise<Kept | undefined>;
  seal(kept: Kept): Promise<void>;
  unseal(): Promise<void>;
  /** Throws the server's draft away. */
  discard(): Promise<void>;
}

export type SaveState =
  | { kind: "opening" }
  | { kind: "untouched" }
  | { kind: "typing" }
  | { kind: "saving" }
  | { kind: "saved" }
  /** Kept in this device, and tried again by itself. */
  | { kind: "failed"; error: unknown }
  /** Another window has saved something else. */
  | { kind: "conflict"; theirs: Kept }
  /** The server will not take it any more. Kept in this device. */
  | { kind: "refused"; error: unknown };

const QUIET_MS = 800;
const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 60_000;

export class DraftSaver {
  readonly #keeper: Keeper;
  readonly #listeners = new Set<() => void>();
  #draft: Draft = emptyDraft;
  #state: SaveState = { kind: "opening" };
  #etag = "";
  /** The server's draft was read. */
  #opened = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #retry = FIRST_RETRY_MS;
  #running: Promise<void> | undefined;
  #held = false;

  constructor(keeper: Keeper) {
    this.#keeper = keeper;
  }

  readonly draft = () => this.#draft;
  readonly state = () => this.#state;

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  /** Finds what was typed before. */
  open(): Promise<void> {
    return this.#run(async () => {
      const sealed = await this.#keeper.sealed().catch(() => undefined);
      if (sealed && isEmpty(this.#draft)) [this.#draft, this.#etag] = [sealed.draft, sealed.etag];
      await this.#meet();
    });
  }

  /** Somebody typed. */
  change(draft: Draft): void {
    this.#draft = draft;
    const { kind } = this.#state;
    // A text that was too long may be shorter now.
    const final = kind === "refused" && problem(this.#state.error).code !== Code.InvalidArgument;
    // Listeners hear of the new text in any case.
    this.#become(kind === "conflict" || final ? { ...this.#state } : { kind: "typing" });
    this.#schedule(QUIET_MS);
  }

  /** Saves at once what is not saved yet: before leaving, or to try again. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    const kind = this.#state.kind;
    if (this.#held || kind === "untouched" || kind === "saved") return this.#running ?? Promise.resolve();
    return this.#run(() => this.#save());
  }

  /** Tries what was refused once more, because a person asks for it. */
  again(): Promise<void> {
    this.#become({ kind: "typing" });
    return this.flush();
  }

  /** Chooses between what is here and what another window has saved. */
  async choose(which: "mine" | "theirs"): Promise<void> {
    if (this.#state.kind !== "conflict") return;
    const { theirs } = this.#state;
    this.#etag = theirs.etag;
    if (which === "theirs") {
      this.#draft = theirs.draft;
      this.#become({ kind: "saved" });
      await this.#keeper.unseal();
    } else {
      this.#become({ kind: "typing" });
      await this.flush();
    }
  }

  /** Lets no save begin while the answer is being signed, and waits for the one under way. */
  async hold(): Promise<void> {
    this.#held = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  /** Signing came to nothing: saving goes on. */
  goOn(): void {
    this.#held = false;
    if (this.#state.kind === "typing" || this.#state.kind === "failed") this.#schedule(QUIET_MS);
  }

  /** The answer is signed: nothing is left of the draft. */
  async done(): Promise<void> {
    clearTimeout(this.#timer);
    this.#held = false;
    this.#draft = emptyDraft;
    this.#etag = "";
    this.#become({ kind: "untouched" });
    await this.#keeper.unseal();
  }

  /** Its author does not want it any more. Kept while the server cannot be told. */
  async discard(): Promise<void> {
    await this.hold();
    try {
      await this.#keeper.discard();
    } catch (error) {
      this.#held = false;
      if (isUnreachable(error) || isUnauthenticated(error)) return this.#become({ kind: "failed", error });
    }
    await this.done();
  }

  #become(state: SaveState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    if (!this.#held) this.#timer = setTimeout(() => this.flush(), ms);
  }

  /** One at a time. */
  #run(step: () => Promise<void>): Promise<void> {
    const before = this.#running ?? Promise.resolve();
    const mine: Promise<void> = before.then(step).finally(() => {
      if (this.#running === mine) this.#running = undefined;
    });
    this.#running = mine;
    return mine;
  }

  async #save(): Promise<void> {
    const sent = this.#draft;
    // What cannot be sealed, such as in a full device, may still be saved.
    await this.#keeper.seal({ draft: sent, etag: this.#etag }).catch(() => undefined);
    if (this.#state.kind === "refused" || this.#state.kind === "conflict") return;
    if (!this.#opened) return await this.#meet();
    this.#become({ kind: "saving" });
    try {
      this.#etag = await this.#keeper.save({ draft: sent, etag: this.#etag });
      this.#retry = FIRST_RETRY_MS;
      await this.#settle(sent);
    } catch (error) {
      if (problem(error).reason === "ETAG_MISMATCH") await this.#meet();
      else this.#fail(error);
    }
  }

  /** Something is at the server as it was here. More may have been typed since. */
  async #settle(saved: Draft): Promise<void> {
    if (isSame(this.#draft, saved)) {
      this.#become({ kind: "saved" });
      await this.#keeper.unseal();
    } else {
      this.#become({ kind: "typing" });
      this.#schedule(QUIET_MS);
    }
  }

  /** Reads what the server has and puts it together with what is here. */
  async #meet(): Promise<void> {
    let theirs: Kept;
    try {
      theirs = await this.#keeper.read();
    } catch (error) {
      return this.#fail(error);
    }
    this.#opened = true;
    const here = this.#draft;
    if (isSame(here, theirs.draft)) {
      this.#etag = theirs.etag;
      this.#become({ kind: theirs.etag ? "saved" : "untouched" });
      await this.#keeper.unseal();
    } else if (isEmpty(here) && this.#etag === "") {
      [this.#draft, this.#etag] = [theirs.draft, theirs.etag];
      this.#become({ kind: "saved" });
    } else if (theirs.etag === this.#etag || isEmpty(theirs.draft)) {
      this.#etag = theirs.etag;
      this.#become({ kind: "typing" });
      this.#schedule(0);
    } else {
      this.#become({ kind: "conflict", theirs });
    }
  }

  #fail(error: unknown): void {
    if (isUnreachable(error) || isUnauthenticated(error)) {
      this.#become({ kind: "failed", error });
      this.#schedule(this.#retry);
      this.#retry = Math.min(this.#retry * 2, LAST_RETRY_MS);
    } else {
      this.#become({ kind: "refused", error });
    }
  }
}
