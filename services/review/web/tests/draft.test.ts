import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { AnswerSchema } from "../src/gen/samspil/wound/v1/assessment_pb";
import { AnswerDraftSchema } from "../src/gen/samspil/wound/v1/draft_pb";
import { diagnoses, findDiagnoses, toDiagnosis } from "../src/specialist/answer/diagnoses";
import { diff, diffWords } from "../src/specialist/answer/diff";
import {
  append,
  changeLine,
  type Draft,
  emptyDraft,
  fromAnswer,
  fromWire,
  insertLine,
  isEmpty,
  isSame,
  isSigned,
  missing,
  moveLine,
  newLine,
  removeLine,
  toAnswer,
  toWire,
} from "../src/specialist/answer/draft";
import { fieldErrors } from "../src/specialist/answer/fieldErrors";
import { clockText, isShort, wantsRenewal } from "../src/specialist/answer/lease";

const lines = (...texts: string[]) => texts.map((text) => newLine(text));
const texts = (plan: readonly { text: string }[]) => plan.map((line) => line.text).join("");
const draft: Draft = {
  diagnosis: { system: "http://snomed.info/sct", code: "399912005", display: "Tryksår" },
  findings: " Fibrin. ",
  plan: [newLine("Aflast", 3), newLine("  "), newLine("Skift bandage")],
  nextPhotoDays: 7,
  callIn: true,
  amendReason: "Forkert side",
};

describe("the lines of a plan", () => {
  const plan = lines("a", "b", "c");
  const [a, b, c] = plan.map((line) => line.id);

  test("move up and down, no further than the ends", () => {
    expect(texts(moveLine(plan, b ?? "", -1))).toBe("bac");
    expect(texts(moveLine(plan, b ?? "", 1))).toBe("acb");
    expect(texts(moveLine(plan, a ?? "", -1))).toBe("abc");
    expect(texts(moveLine(plan, c ?? "", 1))).toBe("abc");
    expect(texts(moveLine(plan, "nobody", 1))).toBe("abc");
  });

  test("change and go one by one", () => {
    expect(texts(removeLine(plan, b ?? ""))).toBe("ac");
    expect(texts(changeLine(plan, b ?? "", { text: "x" }))).toBe("axc");
  });

  test("take a text block into the empty last line, else into a new one, up to twenty", () => {
    expect(texts(insertLine(lines("a", " "), "t", 3))).toBe("at");
    expect(insertLine(lines("a"), "t", 3).at(-1)).toMatchObject({ text: "t", dueDays: 3 });
    const full = lines(..."abcdefghijklmnopqrst");
    expect(insertLine(full, "x", 0)).toHaveLength(20);
  });

  test("put a text block behind what was typed", () => {
    expect(append("", "t")).toBe("t");
    expect(append("Fund.\n", "t")).toBe("Fund.\nt");
  });
});

describe("a draft", () => {
  test("is the same after its way over the wire", () => {
    expect(isSame(fromWire(create(AnswerDraftSchema, toWire(draft))), draft)).toBe(true);
    expect(isEmpty(fromWire(create(AnswerDraftSchema)))).toBe(true);
  });

  test("differs by every part", () => {
    const others: Partial<Draft>[] = [
      { diagnosis: null },
      { findings: "x" },
      { plan: lines("x") },
      { nextPhotoDays: 8 },
      { callIn: false },
      { amendReason: "" },
    ];
    for (const other of others) expect(isSame({ ...draft, ...other }, draft)).toBe(false);
  });

  test("is signed without blanks and without lines that say nothing", () => {
    const answer = create(AnswerSchema, toAnswer(draft));
    expect(answer.findings).toBe("Fibrin.");
    expect(answer.plan.map((line) => [line.text, line.dueDays])).toEqual([
      ["Aflast", 3],
      ["Skift bandage", 0],
    ]);
    expect(isSigned(draft, create(AnswerSchema, { ...toAnswer(draft), amendReason: "Forkert side" }))).toBe(
      true,
    );
    expect(isSigned(draft, answer)).toBe(false);
    expect(fromAnswer(answer).amendReason).toBe("");
  });

  test("needs findings, and a reason when it amends", () => {
    expect(missing({ ...emptyDraft, findings: " \n" }, false)).toEqual(["findings"]);
    expect(missing({ ...draft, amendReason: " " }, true)).toEqual(["amendReason"]);
    expect(missing(draft, true)).toEqual([]);
  });

  test("shows the server's violations at its fields", () => {
    const errors = fieldErrors(
      { "answer.plan[1].text": "too long", "answer.findings": "empty", reason: "none", name: "odd" },
      draft,
    );
    // The second line that was sent is the third in the form: the blank one was left out.
    expect(errors).toEqual({
      plan: { 2: "too long" },
      findings: "empty",
      amendReason: "none",
      other: ["name: odd"],
    });
  });
});

describe("diagnoses", () => {
  test("are SNOMED CT identifiers with their check digits, each once", () => {
    const codes = diagnoses.map((one) => one.code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.filter((code) => !hasCheckDigit(code))).toEqual([]);
    expect(hasCheckDigit("399912006")).toBe(false);
  });

  test("are found by any words, in either language, without Danish letters, by code", () => {
    const found = (query: string) => findDiagnoses(query).map((one) => one.code);
    expect(found("tryk 3")).toEqual(["421927004"]);
    expect(found("VENOUS leg")).toContain("371032004");
    expect(found("venost")).toContain("371032004");
    expect(found("74578003")).toEqual(["74578003"]);
    expect(found("")).toHaveLength(diagnoses.length);
    expect(found("zzz")).toEqual([]);
  });

  test("are kept in Danish", () => {
    const [one] = findDiagnoses("399912005");
    expect(one && toDiagnosis(one)).toMatchObject({ code: "399912005", display: "Tryksår" });
  });
});

describe("differences", () => {
  const shown = (before: string, after: string) =>
    diffWords(before, after).map(({ kind, text }) => ({ same: "=", gone: "-", new: "+" })[kind] + text);

  test("are marked word by word", () => {
    expect(shown("venstre hæl er rød", "højre hæl er rød")).toEqual(["-venstre", "+højre", "= hæl er rød"]);
    expect(shown("a", "a")).toEqual(["=a"]);
    expect(shown("", "ny tekst")).toEqual(["+ny tekst"]);
    expect(shown("gammel", "")).toEqual(["-gammel"]);
  });

  test("give back both texts, whatever they are", () => {
    let seed = 11;
    const word = () => {
      seed = (seed * 48271) % 2147483647;
      return "abc"[seed % 3] ?? "";
    };
    for (let round = 0; round < 200; round++) {
      const before = Array.from({ length: round % 9 }, word);
      const after = Array.from({ length: (round * 7) % 11 }, word);
      const pieces = diff(before, after);
      const side = (not: string) => pieces.filter((one) => one.kind !== not).map((one) => one.text);
      expect(side("new")).toEqual(before);
      expect(side("gone")).toEqual(after);
    }
  });
});

describe("a lease", () => {
  const now = new Date("2026-11-23T10:00:00Z");
  const inMinutes = (minutes: number) => new Date(now.getTime() + minutes * 60_000);

  test("is renewed by work when less than twenty minutes are left, at most once a minute", () => {
    expect(wantsRenewal(inMinutes(25), now, undefined)).toBe(false);
    expect(wantsRenewal(inMinutes(19), now, undefined)).toBe(true);
    expect(wantsRenewal(inMinutes(-1), now, undefined)).toBe(true);
    expect(wantsRenewal(inMinutes(19), now, inMinutes(-0.5))).toBe(false);
    expect(wantsRenewal(inMinutes(19), now, inMinutes(-1))).toBe(true);
  });

  test("counts down to nothing and warns before", () => {
    expect(clockText(inMinutes(29.5), now)).toBe("29:30");
    expect(clockText(inMinutes(-3), now)).toBe("0:00");
    expect(isShort(inMinutes(6), now)).toBe(false);
    expect(isShort(inMinutes(4), now)).toBe(true);
  });
});

/** The check of Verhoeff, which every identifier of SNOMED CT holds. */
function hasCheckDigit(code: string): boolean {
  const turn = (digit: number, by: number): number =>
    digit < 5
      ? by < 5
        ? (digit + by) % 5
        : ((digit + by) % 5) + 5
      : by < 5
        ? 5 + ((digit - by) % 5)
        : (digit - by + 5) % 5;
  const mix = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
  let check = 0;
  for (const [place, digit] of [...code].reverse().entries()) {
    let mixed = Number(digit);
    for (let times = 0; times < place % 8; times++) mixed = mix[mixed] ?? 0;
    check = turn(check, mixed);
  }
  return check === 0;
}
