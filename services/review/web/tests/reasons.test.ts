import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import da from "../locales/da/reasons.json";
import en from "../locales/en/reasons.json";

const page = readFileSync(new URL("../../../../docs/errors.md", import.meta.url), "utf8");
const reasons = [...page.matchAll(/^(?:\| |- )`([A-Z_]+)`/gm)].map((found) => found[1] ?? "");

describe("every reason of docs/errors.md", () => {
  test("is found on the page", () => {
    expect(reasons).toContain("NO_RELATION");
    expect(reasons).toContain("IMAGE_TRUNCATED");
    expect(reasons.length).toBeGreaterThan(90);
  });

  test.each(["da", "en"] as const)("has a sentence in %s", (language) => {
    const texts: Record<string, string> = { da, en }[language];
    expect(reasons.filter((reason) => !/^[A-ZÆØÅ].+[.!]$/.test(texts[reason] ?? ""))).toEqual([]);
  });
});
