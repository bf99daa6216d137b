import { useTranslation } from "react-i18next";
import { Page } from "./Page";

/** For roles that have nothing to do here. */
export function Component() {
  const { t } = useTranslation();
  return (
    <Page title={t("about.title")} narrow>
      <p>{t("about.text")}</p>
    </Page>
  );
}
