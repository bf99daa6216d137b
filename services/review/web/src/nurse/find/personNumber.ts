/**
 * Person numbers as they are typed: CPR and the replacement numbers that stand in for one. The form alone is looked at, by the rules
 * of the directory; the check digit of CPR is no condition, since numbers that fail it are issued.
 */

export type Fault = "empty" | "short" | "long" | "hyphen" | "characters" | "date";

export type Read = { number: string; fault?: never } | { number?: never; fault: Fault };

/** Reads what was typed: the number in its normal form, or what is wrong with it. */
export function readPersonNumber(typed: string): Read {
  const text = typed.trim().toUpperCase();
  if (!text) return { fault: "empty" };
  const hyphen = text.indexOf("-");
  if (hyphen !== -1 && (hyphen !== 6 || text.lastIndexOf("-") !== hyphen)) return { fault: "hyphen" };
  const number = text.replace("-", "");
  if (!/^[0-9A-Z]*$/.test(number)) return { fault: "characters" };
  if (number.length < 10) return { fault: "short" };
  if (number.length > 10) return { fault: "long" };
  const cpr = /^\d{10}$/.test(number);
  const replacement = /^\d{6}[01567][A-Z]{2}\d$/.test(number);
  if (!cpr && !replacement) return { fault: "characters" };
  return tellsADay(number, cpr) ? { number } : { fault: "date" };
}

function tellsADay(number: string, cpr: boolean): boolean {
  const [first, month, year] = [0, 2, 4].map((at) => Number(number.slice(at, at + 2))) as [
    number,
    number,
    number,
  ];
  // A national replacement number's day is sixty higher.
  const day = cpr && first > 60 ? first - 60 : first;
  // Replacement numbers may have a guessed date: 29 February in any year.
  if (!cpr && day === 29 && month === 2) return true;
  const full = century(Number(number[6]), year) + year;
  const date = new Date(Date.UTC(full, month - 1, day));
  return date.getUTCFullYear() === full && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** The century, by the seventh digit and the year: CPR's rule. */
function century(seventh: number, year: number): number {
  if (seventh <= 3) return 1900;
  if (seventh === 4 || seventh === 9) return year <= 36 ? 2000 : 1900;
  return year <= 57 ? 2000 : 1800;
}
