import i18next from "i18next";
import { useTranslation } from "react-i18next";
import type { Photo } from "../../gen/samspil/wound/v1/photo_pb";

const KNOWN = [
  "BLURRED",
  "TOO_DARK",
  "TOO_BRIGHT",
  "TOO_SMALL",
  "NO_MARKER",
  "MARKER_UNCLEAR",
  "MARKER_TILTED",
  "DAMAGED",
] as const;

/** These only say how well can be measured on a photo, not how well it shows the wound. */
const OF_THE_CARD = ["NO_MARKER", "MARKER_UNCLEAR", "MARKER_TILTED"];

export interface Warned {
  code: string;
  short: string;
  advice: string;
  kind: "warn" | "info";
}

/** What is wrong with a photo: in a word, and what the image steps advise. */
export function useWarnings(photo: Photo): Warned[] {
  const { t } = useTranslation("picture");
  return (photo.quality?.warnings ?? []).map(({ code, adviceDa, adviceEn }) => {
    const known = KNOWN.find((one) => one === code);
    const advice = i18next.language === "en" ? adviceEn : adviceDa;
    const kind = OF_THE_CARD.includes(code) ? "info" : "warn";
    return { code, short: known ? t(`warning.${known}`) : code, advice, kind };
  });
}
