/** Times and numbers as people in Denmark read them, in the page's language. */
import { type Timestamp, timestampDate } from "@bufbuild/protobuf/wkt";
import i18next from "i18next";

/** The clock of the suite's users, wherever the browser stands. */
const ZONE = "Europe/Copenhagen";

const locale = () => (i18next.language === "en" ? "en-GB" : "da-DK");
const dateOf = (time: Timestamp | Date) => (time instanceof Date ? time : timestampDate(time));

/** Makes each formatter once for a language: making one costs a hundred times what using it does. */
function kept<F, A extends unknown[]>(make: (...args: A) => F): (kind: string, ...args: A) => F {
  const made = new Map<string, F>();
  return (kind, ...args) => {
    const key = `${locale()} ${kind}`;
    const format = made.get(key) ?? make(...args);
    made.set(key, format);
    return format;
  };
}

const formatter = kept(
  (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale(), { timeZone: ZONE, ...options }),
);
const numbers = kept((options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale(), options));
const relatives = kept(() => new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }));

/** `22. nov. 2026`. */
export function day(time: Timestamp | Date | undefined): string {
  return time
    ? formatter("day", { day: "numeric", month: "short", year: "numeric" }).format(dateOf(time))
    : "";
}

/** `søndag den 22. november 2026`. */
export function longDay(time: Timestamp | Date | undefined): string {
  const options = { weekday: "long", day: "numeric", month: "long", year: "numeric" } as const;
  return time ? formatter("longDay", options).format(dateOf(time)) : "";
}

/** `22. nov. 2026, 14.05`. */
export function dayAndTime(time: Timestamp | Date | undefined): string {
  const options = {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  } as const;
  return time ? formatter("dayAndTime", options).format(dateOf(time)) : "";
}

/** `14.05`. */
export function timeOfDay(time: Timestamp | Date | undefined): string {
  return time ? formatter("time", { hour: "2-digit", minute: "2-digit" }).format(dateOf(time)) : "";
}

/** `man. 16.00`; `22. nov.` when it is more than six days away: where there is little room. */
export function shortTime(time: Timestamp | Date | undefined, now: Date = new Date()): string {
  if (!time) return "";
  const far = Math.abs(dateOf(time).getTime() - now.getTime()) > 6 * 86_400_000;
  const format = far
    ? formatter("short day", { day: "numeric", month: "short" })
    : formatter("short time", { weekday: "short", hour: "2-digit", minute: "2-digit" });
  return format.format(dateOf(time));
}

/** A number with at most so many decimals. */
export function number(value: number, decimals = 0): string {
  return numbers(`${decimals}`, { maximumFractionDigits: decimals }).format(value);
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** `om 3 timer`, `for 2 dage siden`; `nu` within a minute. */
export function relative(time: Timestamp | Date, now: Date = new Date()): string {
  const seconds = (dateOf(time).getTime() - now.getTime()) / 1000;
  const format = relatives("");
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit);
  }
  return format.format(0, "second");
}

/** `3 timer`, `2 dage`; never less than a minute. */
export function duration(ms: number): string {
  const seconds = Math.abs(ms) / 1000;
  const [unit, size] = STEPS.find(([, size]) => seconds >= size) ?? ["minute", 60];
  const options = { style: "unit", unit, unitDisplay: "long" } as const;
  return numbers(unit, options).format(Math.max(1, Math.trunc(seconds / size)));
}

/** Whole years since a day, `YYYY-MM-DD`; nothing without one. */
export function age(birthDate: string, now: Date = new Date()): number | undefined {
  const [year, month, date] = birthDate.split("-").map(Number);
  if (!year || !month || !date) return undefined;
  const had = now.getMonth() + 1 > month || (now.getMonth() + 1 === month && now.getDate() >= date);
  return now.getFullYear() - year - (had ? 0 : 1);
}
