import { readdirSync, readFileSync } from "node:fs";
import i18next from "i18next";
import { describe, expect, test } from "vitest";
import actionsDa from "../locales/da/actions.json";
import citizenDa from "../locales/da/citizen.json";
import actionsEn from "../locales/en/actions.json";
import citizenEn from "../locales/en/citizen.json";
import { actionKey, actionText, basisText, roleText } from "../src/citizen/words";

const root = new URL("../../../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

/** Methods that are about no patient: no citizen ever finds one in her list. */
const ABOUT_NOBODY = [
  /^samspil\.(event|review)\./,
  /^samspil\.directory\.v1\.DirectoryService\/(Put|Get|List)Organisations?$/,
];

/** Every method of the contract, as an audit entry has it. */
const methods = readdirSync(new URL("proto/samspil", root), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".proto"))
  .flatMap((file) => {
    const text = read(`proto/samspil/${file}`);
    const name = `${/^package (.+);$/m.exec(text)?.[1]}.${/^service (\w+) /m.exec(text)?.[1]}`;
    return [...text.matchAll(/^ {2}rpc (\w+)\(/gm)].map((found) => `${name}/${found[1]}`);
  })
  .filter((method) => !ABOUT_NOBODY.some((nobody) => nobody.test(method)));

const languages = ["da", "en"] as const;
await i18next.init({
  lng: "da",
  resources: {
    da: { actions: actionsDa, citizen: citizenDa },
    en: { actions: actionsEn, citizen: citizenEn },
  },
  defaultNS: "citizen",
});

describe("what somebody did", () => {
  test("is known for the methods of the contract", () => {
    expect(methods).toContain("samspil.wound.v1.WoundService/DownloadPhoto");
    expect(methods).toContain("samspil.directory.v1.DirectoryService/BreakGlass");
    expect(methods.length).toBeGreaterThan(100);
  });

  test.each(languages)("has words for every method, in %s", async (language) => {
    await i18next.changeLanguage(language);
    const wordless = methods.filter((action) => actionText({ action, actionText: "" }).length < 5);
    expect(wordless).toEqual([]);
  });

  test("has no words for methods that there are not", () => {
    const there = methods.map(actionKey);
    const said = Object.entries(actionsDa).flatMap(([service, of]) =>
      Object.keys(of).map((method) => `${service}.${method}`),
    );
    expect(said.filter((key) => !there.includes(key) && key !== "operator.export")).toEqual([]);
  });

  test("is said as the service says it where there are no words yet", () => {
    const action = "samspil.wound.v2.WoundService/WeighWound";
    expect(actionText({ action, actionText: "weigh wound" })).toBe("weigh wound");
  });
});

describe("what it stood on", () => {
  const names = [...read("crates/kit/src/access.rs").matchAll(/Basis::\w+ => "([A-Z_]+)"/g)];
  test.each(languages)("has a sentence for every basis that a service writes, in %s", async (language) => {
    await i18next.changeLanguage(language);
    expect(names.length).toBeGreaterThanOrEqual(7);
    for (const [, basis = ""] of names) {
      const text = basisText({ outcome: "OK", basis });
      expect(text).toMatch(/\.$/);
      expect(text).not.toContain(basis);
    }
  });

  test.each(languages)(
    "says of everybody who was refused that nothing was shown, in %s",
    async (language) => {
      await i18next.changeLanguage(language);
      const nothing = { da: "intet blev vist", en: "nothing was shown" }[language];
      for (const outcome of ["NO_RELATION", "NO_PERMISSION", "ETAG_MISMATCH"])
        for (const basis of ["", "BLOCK", "CONSENT"])
          expect(basisText({ outcome, basis })).toContain(nothing);
      expect(basisText({ outcome: "ETAG_MISMATCH", basis: "" })).toContain("ETAG_MISMATCH");
    },
  );
});

describe("a role", () => {
  const roles = Object.keys(JSON.parse(read("crates/kit/data/roles.json")));
  test.each(languages)("has a word for everybody, in %s", async (language) => {
    await i18next.changeLanguage(language);
    for (const role of [...roles, "operator"]) expect(roleText(role)).toMatch(/^[A-ZÆØÅ]/);
    expect(roleText("wizard")).toBe("wizard");
  });
});
