/** The diagnoses of wounds that can be chosen from, in SNOMED CT. Data: diagnoses.json. */
import known from "./diagnoses.json";
import type { Diagnosis } from "./draft";

export const SNOMED_CT = "http://snomed.info/sct";

export interface KnownDiagnosis {
  code: string;
  da: string;
  en: string;
  /** Other words that people look for it by. */
  also: string[];
}

export const diagnoses: readonly KnownDiagnosis[] = known;

/** The record speaks Danish, whatever the page speaks. */
export function toDiagnosis(one: KnownDiagnosis): Diagnosis {
  return { system: SNOMED_CT, code: one.code, display: one.da };
}

/** Those that have every word of what is looked for, in their names or their other words, or that have the code. */
export function findDiagnoses(query: string): KnownDiagnosis[] {
  const words = plain(query).split(/\s+/).filter(Boolean);
  return diagnoses.filter((one) => {
    const text = plain([one.da, one.en, ...one.also].join(" "));
    return words.every((word) => text.includes(word) || (word.length > 3 && one.code.startsWith(word)));
  });
}

/** Lower case, and with the letters that English keyboards have. */
function plain(text: string): string {
  const letters: Record<string, string> = { æ: "ae", ø: "o", å: "a" };
  return text.toLowerCase().replace(/[æøå]/g, (letter) => letters[letter] ?? letter);
}
