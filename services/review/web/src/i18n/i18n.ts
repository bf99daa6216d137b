/** The page's language: Danish unless the person or the browser says English. */
import i18next from "i18next";
import resourcesToBackend from "i18next-resources-to-backend";
import { initReactI18next } from "react-i18next";

export const languages = ["da", "en"] as const;
export type Language = (typeof languages)[number];

const KEPT = "samspil.language";

function preferred(): Language {
  const kept = localStorage.getItem(KEPT);
  if (kept === "da" || kept === "en") return kept;
  return navigator.language.startsWith("en") ? "en" : "da";
}

/** Loads the language; each part of the page has its texts in a namespace that is loaded when it is first shown. */
export async function startLanguage(): Promise<void> {
  i18next.on("languageChanged", (language) => {
    document.documentElement.lang = language;
  });
  await i18next
    .use(
      resourcesToBackend(
        (language: string, part: string) => import(`../../locales/${language}/${part}.json`),
      ),
    )
    .use(initReactI18next)
    .init({
      lng: preferred(),
      supportedLngs: languages,
      fallbackLng: "da",
      ns: ["app", "terms", "reasons"],
      defaultNS: "app",
      interpolation: { escapeValue: false },
      react: { useSuspense: true },
    });
  document.documentElement.lang = i18next.language;
}

/** Changes the language, here and for the next time. */
export async function speak(language: Language): Promise<void> {
  localStorage.setItem(KEPT, language);
  await i18next.changeLanguage(language);
}
