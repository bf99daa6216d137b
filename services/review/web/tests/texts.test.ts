import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

/** Every key of a tree of texts, with dots. */
function keys(tree: object, before = ""): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "object" && value ? keys(value, `${before}${key}.`) : [`${before}${key}`],
  );
}

const read = (language: string, part: string) =>
  JSON.parse(readFileSync(new URL(`../locales/${language}/${part}`, import.meta.url), "utf8"));

describe("Danish and English", () => {
  const parts = readdirSync(new URL("../locales/da", import.meta.url));
  test.each(parts)("say the same things in %s", (part) => {
    expect(keys(read("en", part)).sort()).toEqual(keys(read("da", part)).sort());
  });
});
