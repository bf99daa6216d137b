/** What people call the scores. */
import { useTranslation } from "react-i18next";
import type texts from "../../../locales/da/case.json";

type Known = keyof (typeof texts)["healing"]["instruments"];

/** Names an instrument; one that nobody has named yet by its code. */
export function useInstrumentName(): (instrument: string) => string {
  const { t, i18n } = useTranslation("case");
  return (instrument) =>
    i18n.exists(`case:healing.instruments.${instrument}`)
      ? t(`healing.instruments.${instrument as Known}`)
      : instrument;
}
