import { create, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ErrorInfoSchema } from "../src/gen/google/rpc/error_details_pb";
import { type Draft, emptyDraft, isSame } from "../src/specialist/answer/draft";
import { DraftSaver, type Keeper, type Kept } from "../src/specialist/answer/saver";

const typed = (findings: string): Draft => ({ ...emptyDraft, findings });

function refusal(reason: string, code: Code): ConnectError {
  const error = new ConnectError("no", code);
  const value = toBinary(ErrorInfoSchema, create(ErrorInfoSchema, { reason, domain: "samspil" }));
  error.details.push({ type: ErrorInfoSchema.typeName, value });
  return error;
}

/** The server's rules, and a device, in memory. */
class Desk implements Keeper {
  server: Kept = { draft: emptyDraft, etag: "" };
  device: Kept | undefined;
  trouble: ConnectError | undefined;
  saves = 0;
  /** Told before a save is answered. */
  during: () => Promise<void> | void = () => undefined;

  async read() {
    if (this.trouble) throw this.trouble;
    return this.server;
  }
  async save({ draft, etag }: Kept) {
    this.saves++;
    if (this.trouble) throw this.trouble;
    if (etag !== this.server.etag && !isSame(draft, this.server.draft))
      throw refusal("ETAG_MISMATCH", Code.Aborted);
    this.server = { draft, etag: `v${this.saves}` };
    const { etag: made } = this.server;
    await this.during();
    return made;
  }
  async sealed() {
    return this.device;
  }
  async seal(kept: Kept) {
    this.device = kept;
  }
  async unseal() {
    this.device = undefined;
  }
  async discard() {
    if (this.trouble) throw this.trouble;
    this.server = { draft: emptyDraft, etag: "" };
  }
}

describe("a draft that is saved by itself", () => {
  let desk: Desk;
  let saver: DraftSaver;
  beforeEach(async () => {
    vi.useFakeTimers();
    desk = new Desk();
    saver = new DraftSaver(desk);
    await saver.open();
  });
  afterEach(() => vi.useRealTimers());

  const away = () => new ConnectError("away", Code.Unavailable);
  const quiet = () => vi.advanceTimersByTimeAsync(1_000);

  test("is saved once, shortly after the typing stops", async () => {
    expect(saver.state().kind).toBe("untouched");
    for (const text of ["R", "Rø", "Rød"]) saver.change(typed(text));
    expect(saver.state().kind).toBe("typing");
    await quiet();
    expect(saver.state().kind).toBe("saved");
    expect(desk.saves).toBe(1);
    expect(desk.server.draft.findings).toBe("Rød");
    expect(desk.device).toBeUndefined();
  });

  test("is saved again when more was typed while it was on its way", async () => {
    desk.during = () => {
      desk.during = () => undefined;
      saver.change(typed("Rød og varm"));
    };
    saver.change(typed("Rød"));
    await quiet();
    expect(saver.state().kind).toBe("typing");
    await quiet();
    expect(saver.state().kind).toBe("saved");
    expect(desk.server.draft.findings).toBe("Rød og varm");
  });

  test("waits in the device while the server is away, and goes out by itself", async () => {
    desk.trouble = away();
    saver.change(typed("Rød"));
    await quiet();
    expect(saver.state().kind).toBe("failed");
    expect(desk.device?.draft.findings).toBe("Rød");
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    expect(desk.saves).toBeLessThan(20);
    desk.trouble = undefined;
    await vi.advanceTimersByTimeAsync(61_000);
    expect(saver.state().kind).toBe("saved");
    expect(desk.device).toBeUndefined();
  });

  test("is found in the device after a reload, and saved", async () => {
    desk.trouble = away();
    saver.change(typed("Rød"));
    await quiet();
    desk.trouble = undefined;
    const reloaded = new DraftSaver(desk);
    await reloaded.open();
    expect(reloaded.draft().findings).toBe("Rød");
    await quiet();
    expect(desk.server.draft.findings).toBe("Rød");
  });

  test("is found at the server after a reload", async () => {
    saver.change(typed("Rød"));
    await quiet();
    const reloaded = new DraftSaver(desk);
    await reloaded.open();
    expect(reloaded.draft().findings).toBe("Rød");
    expect(reloaded.state().kind).toBe("saved");
  });

  test("puts what another window has saved beside what is here, and drops neither", async () => {
    const other = new DraftSaver(desk);
    await other.open();
    saver.change(typed("Mit"));
    await quiet();
    other.change(typed("Et andet"));
    await quiet();
    const state = other.state();
    if (state.kind !== "conflict") throw new Error(state.kind);
    expect(state.theirs.draft.findings).toBe("Mit");
    expect(other.draft().findings).toBe("Et andet");
    // Typing on in the meantime saves nothing over the other's, but is sealed.
    other.change(typed("Et andet, mere"));
    await quiet();
    expect(desk.server.draft.findings).toBe("Mit");
    expect(desk.device?.draft.findings).toBe("Et andet, mere");
    await other.choose("mine");
    expect(other.state().kind).toBe("saved");
    expect(desk.server.draft.findings).toBe("Et andet, mere");
  });

  test("takes the other window's when that is chosen", async () => {
    const other = new DraftSaver(desk);
    await other.open();
    saver.change(typed("Mit"));
    await quiet();
    other.change(typed("Et andet"));
    await quiet();
    await other.choose("theirs");
    expect(other.draft().findings).toBe("Mit");
    other.change(typed("Mit, og mere"));
    await quiet();
    expect(desk.server.draft.findings).toBe("Mit, og mere");
  });

  test("is in no conflict with itself when the answer to a save was lost", async () => {
    desk.during = () => {
      desk.during = () => undefined;
      throw away();
    };
    saver.change(typed("Rød"));
    await quiet();
    expect(saver.state().kind).toBe("failed");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(saver.state().kind).toBe("saved");
  });

  test("stays on the screen and in the device when the server will not take it, without asking again", async () => {
    desk.trouble = refusal("NO_RELATION", Code.PermissionDenied);
    saver.change(typed("Rød"));
    await quiet();
    expect(saver.state().kind).toBe("refused");
    await vi.advanceTimersByTimeAsync(10 * 60_000);
    saver.change(typed("Rød, men"));
    await quiet();
    expect(desk.saves).toBe(1);
    expect(saver.draft().findings).toBe("Rød, men");
    expect(desk.device?.draft.findings).toBe("Rød, men");
  });

  test("is tried again once what was wrong with it is mended", async () => {
    desk.trouble = refusal("INVALID_REQUEST", Code.InvalidArgument);
    saver.change(typed("for langt"));
    await quiet();
    expect(saver.state().kind).toBe("refused");
    desk.trouble = undefined;
    saver.change(typed("kort"));
    await quiet();
    expect(desk.server.draft.findings).toBe("kort");
  });

  test("is kept through an expired sign-in", async () => {
    desk.trouble = refusal("TOKEN_EXPIRED", Code.Unauthenticated);
    saver.change(typed("Rød"));
    await quiet();
    expect(saver.state().kind).toBe("failed");
    desk.trouble = undefined;
    await saver.flush();
    expect(saver.state().kind).toBe("saved");
  });

  test("does not come back to life by a save that was under way when the answer was signed", async () => {
    let release = () => {};
    desk.during = () => new Promise<void>((resolve) => (release = resolve));
    saver.change(typed("Rød"));
    await quiet();
    expect(saver.state().kind).toBe("saving");
    const held = saver.hold();
    release();
    await held;
    await desk.discard();
    await saver.done();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(saver.state().kind).toBe("untouched");
    expect(desk.server.draft.findings).toBe("");
    expect(desk.device).toBeUndefined();
  });

  test("goes on when signing came to nothing", async () => {
    saver.change(typed("Rød"));
    await saver.hold();
    await quiet();
    expect(desk.saves).toBe(0);
    saver.goOn();
    await quiet();
    expect(desk.server.draft.findings).toBe("Rød");
  });

  test("is not thrown away as long as the server cannot be told", async () => {
    saver.change(typed("Rød"));
    await quiet();
    desk.trouble = away();
    await saver.discard();
    expect(saver.state().kind).toBe("failed");
    expect(saver.draft().findings).toBe("Rød");
    desk.trouble = undefined;
    await saver.discard();
    expect(saver.draft().findings).toBe("");
    expect(desk.server.draft.findings).toBe("");
  });
});
