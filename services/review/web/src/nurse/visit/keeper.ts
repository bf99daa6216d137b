/**
 * Keeps the form of a visit: sealed at every change, found again after a reload, a crash or a day, and open in one window at a time.
 */
import { pieces } from "../../session/pieces";
import { unsealed } from "../../session/unsealed";
import { vault } from "../../session/vault";
import { newPhoto, sealPhoto, type Taken } from "../camera/photo";
import type { PhotoRecord } from "../outbox/record";
import { type FormRecord, isUntouched, newForm, toVisit } from "./form";

export type Keeping =
  | { state: "opening" }
  /** Another window has it. It opens here once that one lets go. */
  | { state: "elsewhere" }
  /** `cut`: photos that a crash kept from being sealed. */
  | { state: "open"; form: FormRecord; saved: boolean; trouble?: unknown; cut: number }
  | { state: "failed"; error: unknown }
  /** It has become a visit, or is thrown away. */
  | { state: "gone" };

export class Keeper {
  readonly #wound: string;
  readonly #more: string | undefined;
  readonly #listeners = new Set<() => void>();
  #channel: BroadcastChannel | undefined;
  #now: Keeping = { state: "opening" };
  #release: (() => void) | undefined;
  #saving: Promise<void> = Promise.resolve();
  #unsaved: (() => void) | undefined;

  /** `more`: the assessment whose specialist asked for more. */
  constructor(wound: string, more?: string) {
    this.#wound = wound;
    this.#more = more;
  }

  readonly current = (): Keeping => this.#now;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Opens the form, now or when the other window lets go, until the signal says stop. */
  async open(signal: AbortSignal): Promise<void> {
    const lock = `samspil.form.${this.#wound}`;
    signal.addEventListener("abort", () => this.#release?.());
    const channel = new BroadcastChannel("samspil.form");
    channel.onmessage = ({ data }) => data === this.#wound && this.#giveUp();
    this.#channel = channel;
    try {
      while (!signal.aborted && this.#now.state !== "gone") {
        const got = await navigator.locks.request(
          lock,
          { ifAvailable: true },
          (held) => held && this.#hold(),
        );
        if (got !== null || signal.aborted) continue;
        this.#become({ state: "elsewhere" });
        await navigator.locks.request(lock, { signal }, () => this.#hold());
      }
    } catch (error) {
      if (!signal.aborted) this.#become({ state: "failed", error });
    } finally {
      channel.close();
    }
  }

  /** Asks the other window to let go. */
  takeOver(): void {
    this.#channel?.postMessage(this.#wound);
  }

  /** Changes the form; it is sealed at once. */
  set(change: (form: FormRecord) => FormRecord): void {
    if (this.#now.state !== "open") return;
    const form = change(this.#now.form);
    this.#become({ ...this.#now, form, saved: false });
    this.#unsaved ??= unsealed.hold();
    this.#saving = this.#saving.catch(() => undefined).then(() => this.#save());
    // Whoever waits hears of the failure; the form tells it in any case.
    this.#saving.catch(() => undefined);
  }

  /** Ends once everything is sealed, or fails. */
  sealed(): Promise<void> {
    return this.#saving;
  }

  /** Adds a photo, unless the visit has the same bytes already. Its bytes outlast the page once this returns true. */
  async addPhoto(taken: Taken): Promise<boolean> {
    if (this.#now.state !== "open") throw new Error("the form is not open");
    if (this.#now.form.photos.some((one) => one.sha256 === taken.sha256)) return false;
    const photo = newPhoto(taken);
    const free = unsealed.hold();
    const drop = (photos: PhotoRecord[]) => photos.filter((one) => one.id !== photo.id);
    try {
      this.#photos((photos) => [...photos, photo]);
      await this.sealed();
      await sealPhoto(photo, taken.blob);
      this.#photos((photos) => [...drop(photos), { ...photo, state: "waiting" }]);
      await this.sealed();
      return true;
    } catch (error) {
      this.#photos(drop);
      await pieces.remove("photo", photo.id);
      throw error;
    } finally {
      free();
    }
  }

  async removePhoto(id: string): Promise<void> {
    this.#photos((photos) => photos.filter((one) => one.id !== id));
    await this.sealed();
    await pieces.remove("photo", id);
  }

  /** The form becomes a visit that is on its way, in one moment. */
  async finish(title: string, now: Date): Promise<void> {
    if (this.#now.state !== "open") throw new Error("the form is not open");
    await this.sealed();
    const visit = toVisit(this.#now.form, title, now);
    await vault.sealJson("visit", visit.id, visit, { kind: "form", id: this.#wound });
    this.#become({ state: "gone" });
    this.#release?.();
  }

  /** Throws everything away. */
  async discard(): Promise<void> {
    if (this.#now.state !== "open") return;
    const { photos } = this.#now.form;
    await this.#saving.catch(() => undefined);
    await vault.remove("form", this.#wound);
    for (const photo of photos) await pieces.remove("photo", photo.id);
    this.#unsaved?.();
    this.#unsaved = undefined;
    this.#become({ state: "gone" });
    this.#release?.();
  }

  /** Loads the form and holds it until it is let go. Gives true, so that having held it can be told from not getting it. */
  async #hold(): Promise<true> {
    const kept = await vault.openJson<FormRecord>("form", this.#wound);
    const form = kept ?? newForm(this.#wound, new Date(), () => crypto.randomUUID());
    const photos = form.photos.filter((photo) => photo.state !== "sealing");
    const cut = form.photos.length - photos.length;
    const asked = this.#more && form.more?.assessment !== this.#more;
    const more = asked ? { more: { assessment: this.#more ?? "", reply: form.more?.reply ?? "" } } : {};
    const released = new Promise<void>((resolve) => {
      this.#release = resolve;
    });
    this.#become({ state: "open", form: { ...form, photos, ...more }, saved: true, cut });
    await released;
    this.#release = undefined;
    return true;
  }

  async #save(): Promise<void> {
    if (this.#now.state !== "open" || this.#now.saved) return;
    const { form } = this.#now;
    try {
      if (isUntouched(form)) await vault.remove("form", this.#wound);
      else await vault.sealJson("form", this.#wound, form);
    } catch (trouble) {
      if (this.#now.state === "open") this.#become({ ...this.#now, trouble });
      throw trouble;
    }
    // A newer change has a saving of its own.
    if (this.#now.state !== "open" || this.#now.form !== form) return;
    const { trouble: _, ...rest } = this.#now;
    this.#become({ ...rest, saved: true });
    this.#unsaved?.();
    this.#unsaved = undefined;
  }

  #photos(change: (photos: PhotoRecord[]) => PhotoRecord[]): void {
    this.set((form) => ({ ...form, photos: change(form.photos) }));
  }

  /** Another window wants it. What could not be sealed must not be left behind in a window that nobody looks at. */
  async #giveUp(): Promise<void> {
    if (!this.#release) return;
    await this.#saving.catch(() => undefined);
    if (this.#unsaved) return;
    this.#become({ state: "elsewhere" });
    this.#release?.();
  }

  #become(next: Keeping): void {
    this.#now = next;
    for (const listener of this.#listeners) listener();
  }
}
