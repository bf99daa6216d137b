/** The story's spans and times in the page's language. */
import { useTranslation } from "react-i18next";
import type { Span } from "../../gen/samspil/trace/v1/trace_pb";
import { number } from "../../i18n/format";
import { meaning } from "./story";

/** What a span did. A name that nobody has given words to is shown as it is. */
export function useWords(): (span: Span) => string {
  const { t, i18n } = useTranslation("story");
  const known = (key: string, otherwise: string) =>
    i18n.exists(`story:${key}`) ? t(key as "title") : otherwise;
  return (span) => {
    const told = meaning(span);
    switch (told.kind) {
      case "call":
        return known(`call.${told.method}`, told.method);
      case "relay":
        return t("relay", { event: known(`event.${told.event}`, told.event) });
      case "follow":
        return t("follow", {
          service: known(`serviceName.${told.service}`, told.service),
          event: known(`event.${told.event}`, told.event),
        });
      case "store":
        return t(`store.${told.operation as "put"}`, { what: told.what });
      case "step":
        return known(`step.${told.step}`, told.step);
      case "unknown":
        return span.name;
    }
  };
}

/** A duration as short as it is: `0,4 ms`, `12 ms`, `1,2 s`. */
export function duration(us: number): string {
  if (us < 10_000) return `${number(us / 1000, 1)} ms`;
  if (us < 1_000_000) return `${number(us / 1000)} ms`;
  return `${number(us / 1_000_000, 1)} s`;
}

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
] as const;

/** How long nothing happened, in words: `2 timer`. Nothing for less than a second. */
export function pause(ms: number, language: string): string | undefined {
  for (const [unit, size] of units) {
    const count = Math.floor(ms / size);
    if (count < 1) continue;
    const style = { style: "unit", unit, unitDisplay: "long" } as const;
    return new Intl.NumberFormat(language === "en" ? "en-GB" : "da-DK", style).format(count);
  }
  return undefined;
}
