import "fake-indexeddb/auto";
import { openDB } from "idb";
import { beforeEach, describe, expect, test } from "vitest";
import { pieces } from "../src/session/pieces";
import { vault } from "../src/session/vault";
import { waiting } from "../src/session/waiting";

const key = (fill: number) => async () => new Uint8Array(32).fill(fill);
const noKey = async () => {
  throw new Error("nobody answers");
};
const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);
const bytes = (said: string) => new TextEncoder().encode(said);

beforeEach(async () => {
  await vault.lock([]);
  await vault.unlock("anna", key(1));
});

describe("what is sealed", () => {
  test("opens again as it was, and after a reload without anybody to ask for the key", async () => {
    await vault.seal("form", "a", bytes("42 mm"));
    await vault.unlock("anna", noKey);
    expect(text(await vault.open("form", "a"))).toBe("42 mm");
    expect(await vault.open("form", "b")).toBeUndefined();
  });

  test("lies on the disk in no form that can be read", async () => {
    await vault.seal("form", "a", bytes("a very telling word"));
    const disk = await openDB("samspil");
    const [row] = await disk.getAll("sealed");
    disk.close();
    expect(new TextDecoder("latin1").decode(row.data)).not.toContain("telling");
  });

  test("is nobody else's", async () => {
    await vault.seal("form", "a", bytes("Anna's"));
    await vault.unlock("bo", key(2));
    expect(await vault.open("form", "a")).toBeUndefined();
    expect(await vault.ids("form")).toEqual([]);
  });

  test("cannot be put in another's place", async () => {
    await vault.seal("form", "a", bytes("one"));
    const disk = await openDB("samspil");
    const [row] = await disk.getAll("sealed");
    await disk.put("sealed", { ...row, id: "b" });
    disk.close();
    await expect(vault.open("form", "b")).rejects.toThrow();
  });

  test("stays through a sign-out when somebody waits for it, and goes when nobody does", async () => {
    await vault.seal("photo", "p", bytes("a photo"));
    await vault.seal("along", "x", bytes("a list"));
    await vault.lock(waiting.kinds);
    await expect(vault.open("photo", "p")).rejects.toThrow("locked");
    await vault.unlock("anna", key(1));
    expect(text(await vault.open("photo", "p"))).toBe("a photo");
    expect(await vault.open("along", "x")).toBeUndefined();
  });

  test("takes the place of something else in one moment", async () => {
    await vault.sealJson("form", "wound", { length: 42 });
    await vault.sealJson("visit", "v", { length: 42 }, { kind: "form", id: "wound" });
    expect(await vault.ids("form")).toEqual([]);
    expect(await vault.openJson("visit", "v")).toEqual({ length: 42 });
  });

  test("is told of when it changes", async () => {
    let told = 0;
    const stop = vault.subscribe(() => told++);
    await vault.seal("form", "a", bytes("x"));
    await vault.remove("form", "a");
    stop();
    await vault.seal("form", "a", bytes("y"));
    expect(told).toBe(2);
  });
});

describe("pieces", () => {
  const SIZE = 2.5 * 1024 * 1024;
  const photo = () => {
    const all = new Uint8Array(SIZE);
    for (let at = 0; at < SIZE; at++) all[at] = (at * 31 + (at >> 8)) & 255;
    return all;
  };

  test("give back every byte, whole and from any offset", async () => {
    const all = photo();
    await pieces.seal("photo", "p", new Blob([all]));
    const whole = await pieces.open("photo", "p", SIZE, "image/jpeg");
    expect(Buffer.from((await whole?.arrayBuffer()) ?? new ArrayBuffer(0)).equals(all)).toBe(true);

    const read: number[] = [];
    let at = 0;
    while (at < SIZE) {
      const part = await pieces.read("photo", "p", at, 300_000);
      if (!part) throw new Error(`nothing at ${at}`);
      expect(Buffer.from(part).equals(all.subarray(at, at + part.length))).toBe(true);
      at += part.length;
      read.push(part.length);
    }
    expect(at).toBe(SIZE);
    expect(await pieces.read("photo", "p", SIZE, 10)).toBeUndefined();
  });

  test("go together and leave others alone", async () => {
    await pieces.seal("photo", "p", new Blob([photo()]));
    await pieces.seal("photo", "q", new Blob(["small"]));
    expect(await pieces.ids("photo")).toEqual(["p", "q"]);
    await pieces.remove("photo", "p");
    expect(await pieces.ids("photo")).toEqual(["q"]);
  });

  test("that are missing are not made up", async () => {
    await pieces.seal("photo", "p", new Blob([photo()]));
    await vault.remove("photo", "p/0001");
    expect(await pieces.open("photo", "p", SIZE, "image/jpeg")).toBeUndefined();
  });
});
