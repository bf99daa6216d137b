import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { newPhoto, type Taken } from "../src/nurse/camera/photo";
import { store, sweep, unsentVisits } from "../src/nurse/outbox/store";
import { type FormRecord, newForm } from "../src/nurse/visit/form";
import { Keeper, type Keeping } from "../src/nurse/visit/keeper";
import { pieces } from "../src/session/pieces";
import { unsealed } from "../src/session/unsealed";
import { vault } from "../src/session/vault";
import { Locks } from "./locks";

const WOUND = "patients/p/wounds/w";
const stops: AbortController[] = [];

/** A window that has the page of the visit open. */
function window(more?: string): { keeper: Keeper; close: () => void } {
  const stop = new AbortController();
  stops.push(stop);
  const keeper = new Keeper(WOUND, more);
  void keeper.open(stop.signal);
  return { keeper, close: () => stop.abort() };
}

function until(keeper: Keeper, state: Keeping["state"]): Promise<Keeping> {
  return vi.waitUntil(() => keeper.current().state === state && keeper.current());
}

async function open(more?: string) {
  const opened = window(more);
  await until(opened.keeper, "open");
  return opened;
}

function form(keeper: Keeper): FormRecord {
  const now = keeper.current();
  if (now.state !== "open") throw new Error(`it is ${now.state}`);
  return now.form;
}

const note = (text: string) => (old: FormRecord) => ({ ...old, findings: { ...old.findings, note: text } });

const taken = (text: string): Taken => ({
  blob: new Blob([text]),
  type: "image/jpeg",
  sha256: text,
  capturedAt: new Date().toISOString(),
  known: [],
});

beforeEach(async () => {
  vi.stubGlobal("navigator", { locks: new Locks() });
  await vault.lock([]);
  await vault.unlock("anna", async () => new Uint8Array(32));
});

afterEach(() => {
  for (const stop of stops.splice(0)) stop.abort();
  vi.restoreAllMocks();
});

describe("a form", () => {
  test("is found again after the page is gone, to the letter", async () => {
    const first = await open();
    first.keeper.set(note("rød kant"));
    first.keeper.set((old) => ({ ...old, typed: { lengthMm: "4,2" } }));
    await first.keeper.sealed();
    const before = form(first.keeper);
    first.close();
    const { keeper } = await open();
    expect(form(keeper)).toEqual(before);
  });

  test("that nobody has touched leaves nothing behind", async () => {
    const { keeper } = await open();
    keeper.set(note("x"));
    keeper.set(note(""));
    await keeper.sealed();
    expect(await vault.ids("form")).toEqual([]);
  });

  test("says what is not sealed yet, and nothing once it is", async () => {
    const { keeper } = await open();
    keeper.set(note("x"));
    expect(unsealed.any()).toBe(true);
    await keeper.sealed();
    expect(unsealed.any()).toBe(false);
    expect(keeper.current()).toMatchObject({ saved: true });
  });

  test("that cannot be sealed says so, holds the window, and is whole once there is room", async () => {
    const { keeper } = await open();
    const full = new DOMException("no room", "QuotaExceededError");
    vi.spyOn(vault, "sealJson").mockRejectedValueOnce(full);
    keeper.set(note("x"));
    await expect(keeper.sealed()).rejects.toBe(full);
    expect(keeper.current()).toMatchObject({ saved: false, trouble: full });
    expect(unsealed.any()).toBe(true);
    keeper.set(note("xy"));
    await keeper.sealed();
    expect(keeper.current()).not.toHaveProperty("trouble");
    expect(unsealed.any()).toBe(false);
  });

  test("knows what the specialist asked for, and keeps what was written before", async () => {
    const first = await open();
    first.keeper.set(note("x"));
    await first.keeper.sealed();
    first.close();
    const { keeper } = await open(`${WOUND}/assessments/a`);
    expect(form(keeper)).toMatchObject({
      findings: { note: "x" },
      more: { assessment: `${WOUND}/assessments/a` },
    });
  });
});

describe("two windows", () => {
  test("the later one waits, and goes on with what the first one wrote when that closes", async () => {
    const first = await open();
    const second = window();
    await until(second.keeper, "elsewhere");
    first.keeper.set(note("x"));
    await first.keeper.sealed();
    first.close();
    await until(second.keeper, "open");
    expect(form(second.keeper).findings.note).toBe("x");
  });

  test("the later one may ask for it, and gets everything", async () => {
    const first = await open();
    const second = window();
    await until(second.keeper, "elsewhere");
    first.keeper.set(note("half a sent"));
    second.keeper.takeOver();
    await until(second.keeper, "open");
    expect(first.keeper.current().state).toBe("elsewhere");
    expect(form(second.keeper).findings.note).toBe("half a sent");
  });
});

describe("photos", () => {
  test("are sealed at once, and the same bytes only once", async () => {
    const { keeper } = await open();
    expect(await keeper.addPhoto(taken("one"))).toBe(true);
    expect(await keeper.addPhoto(taken("one"))).toBe(false);
    expect(form(keeper).photos.map((photo) => photo.state)).toEqual(["waiting"]);
    expect(await pieces.ids("photo")).toEqual(form(keeper).photos.map((photo) => photo.id));
  });

  test("that do not fit leave the form as it was", async () => {
    const { keeper } = await open();
    const full = new DOMException("no room", "QuotaExceededError");
    vi.spyOn(vault, "seal").mockRejectedValueOnce(full);
    await expect(keeper.addPhoto(taken("one"))).rejects.toBe(full);
    expect(form(keeper).photos).toEqual([]);
    expect(await pieces.ids("photo")).toEqual([]);
  });

  test("that a crash cut off are told, and swept away", async () => {
    const cut = newPhoto(taken("cut"));
    const kept = { ...newPhoto(taken("kept")), state: "waiting" as const };
    const before = newForm(WOUND, new Date(), () => "id");
    await vault.sealJson("form", WOUND, { ...before, photos: [cut, kept] });
    for (const photo of [cut, kept]) await pieces.seal("photo", photo.id, new Blob(["x"]));
    await pieces.seal("photo", "nobody's", new Blob(["x"]));
    const { keeper } = await open();
    expect(keeper.current()).toMatchObject({ cut: 1 });
    keeper.set(note("x"));
    await keeper.sealed();
    await sweep();
    expect(await pieces.ids("photo")).toEqual([kept.id]);
  });

  test("are gone when they are deleted", async () => {
    const { keeper } = await open();
    await keeper.addPhoto(taken("one"));
    await keeper.removePhoto(form(keeper).photos[0]?.id ?? "");
    expect(await pieces.ids("photo")).toEqual([]);
  });
});

describe("a visit", () => {
  test("takes the form's place with everything in it", async () => {
    const { keeper } = await open();
    keeper.set(note("x"));
    await keeper.addPhoto(taken("one"));
    const { visitId } = form(keeper);
    await keeper.finish("Inger", new Date());
    expect(keeper.current().state).toBe("gone");
    expect(await vault.ids("form")).toEqual([]);
    const [visit] = await unsentVisits();
    expect(visit).toMatchObject({ id: visitId, title: "Inger", findings: { note: "x" }, recorded: false });
    expect(visit?.photos).toHaveLength(1);
    await sweep();
    expect(await pieces.ids("photo")).toHaveLength(1);
  });

  test("that has arrived leaves a receipt and no photo", async () => {
    const { keeper } = await open();
    await keeper.addPhoto(taken("one"));
    await keeper.finish("Inger", new Date());
    const [visit] = await unsentVisits();
    if (!visit) throw new Error("there is a visit");
    await store.file(visit, new Date());
    expect(await unsentVisits()).toEqual([]);
    expect(await pieces.ids("photo")).toEqual([]);
    expect(await vault.ids("sent")).toEqual([visit.id]);
  });

  test("changes one change at a time", async () => {
    const { keeper } = await open();
    keeper.set(note("x"));
    await keeper.finish("", new Date());
    const [visit] = await unsentVisits();
    const id = visit?.id ?? "";
    const more = (text: string) =>
      store.change(id, (record) => {
        record.title += text;
      });
    await Promise.all(["a", "b", "c", "d"].map(more));
    expect((await store.read(id))?.title).toBe("abcd");
  });

  test("that is thrown away is gone with its photos", async () => {
    const { keeper } = await open();
    await keeper.addPhoto(taken("one"));
    await keeper.discard();
    expect(await vault.ids("form")).toEqual([]);
    expect(await pieces.ids("photo")).toEqual([]);
    expect(unsealed.any()).toBe(false);
  });
});
