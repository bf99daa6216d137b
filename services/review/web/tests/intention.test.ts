import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { Intention } from "../src/api/intention";

type Sent = { text: string; requestId: string };

describe("an intention", () => {
  const failing = (code: Code, sent: Sent[]) => (request: Sent) => {
    sent.push(request);
    return Promise.reject(new ConnectError("no", code));
  };

  test("is sent again as it was while nobody knows what came of it", async () => {
    const sent: Sent[] = [];
    const intention = new Intention<{ text: string }>();
    const lost = failing(Code.Unavailable, sent);
    await expect(intention.send("a", () => ({ text: "one" }), lost)).rejects.toThrow();
    // What it is made of may have changed meanwhile, such as an etag.
    await intention.send(
      "a",
      () => ({ text: "two" }),
      async (request) => sent.push(request),
    );
    expect(sent[1]).toEqual(sent[0]);
  });

  test("is a new one once the outcome is known, good or bad", async () => {
    const sent: Sent[] = [];
    const intention = new Intention<{ text: string }>();
    await intention.send(
      "a",
      () => ({ text: "x" }),
      async (request) => sent.push(request),
    );
    await expect(intention.send("a", () => ({ text: "x" }), failing(Code.Aborted, sent))).rejects.toThrow();
    await intention.send(
      "a",
      () => ({ text: "x" }),
      async (request) => sent.push(request),
    );
    expect(new Set(sent.map((one) => one.requestId)).size).toBe(3);
  });

  test("is a new one when something else is wanted", async () => {
    const sent: Sent[] = [];
    const intention = new Intention<{ text: string }>();
    const lost = failing(Code.Unavailable, sent);
    await expect(intention.send("a", () => ({ text: "x" }), lost)).rejects.toThrow();
    await expect(intention.send("b", () => ({ text: "y" }), lost)).rejects.toThrow();
    expect(sent[1]?.requestId).not.toBe(sent[0]?.requestId);
  });
});
