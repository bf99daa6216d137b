import i18next from "i18next";
import { useTranslation } from "react-i18next";
import type { Photo } from "../../gen/samspil/wound/v1/photo_pb";

/** The photo shows the wound less well, or the other way round. */
const OF_THE_PHOTO = [
  "BLURRED",
  "TOO_DARK",
  "TOO_BRIGHT",
  "TOO_SMALL",
  "WOUND_BLURRED",
  "WOUND_TOO_DARK",
  "WOUND_TOO_BRIGHT",
  "WOUND_TOO_SMALL",
  "DAMAGED",
  "MARKER_MIRRORED",
] as const;

/** These only say how well can be measured on it. */
const OF_THE_CARD = [
  "MARKER_NOT_FOUND",
  "MARKER_UNCLEAR",
  "MARKER_TOO_SMALL",
  "MARKER_SMALL",
  "MARKER_BENT",
  "MARKER_CURVED",
  "MARKER_FOREIGN",
  "MARKERS_DISAGREE",
  "PRINT_RESCALED",
  "TILTED",
] as const;

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
    const ofCard = OF_THE_CARD.find((one) => one === code);
    const known = ofCard ?? OF_THE_PHOTO.find((one) => one === code);
    const advice = i18next.language === "en" ? adviceEn : adviceDa;
    return { code, short: known ? t(`warning.${known}`) : code, advice, kind: ofCard ? "info" : "warn" };
  });
}
