import i18next from "i18next";
import { useTranslation } from "react-i18next";
import type { Photo } from "../../gen/samspil/wound/v1/photo_pb";

const KNOWN = ["BLURRED", "TOO_DARK", "TOO_BRIGHT", "TOO_SMALL", "DAMAGED"] as const;

/** What is wrong with a photo: in a word, and what the image steps advise. */
export function useWarnings(photo: Photo): { code: string; short: string; advice: string }[] {
  const { t } = useTranslation("picture");
  return (photo.quality?.warnings ?? []).map(({ code, adviceDa, adviceEn }) => {
    const known = KNOWN.find((one) => one === code);
    const advice = i18next.language === "en" ? adviceEn : adviceDa;
    return { code, short: known ? t(`warning.${known}`) : code, advice };
  });
}
