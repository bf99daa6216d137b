import { useTranslation } from "react-i18next";
import { ButtonLink } from "../ui/Button";
import { Page } from "./Page";

/** For an address that leads nowhere. */
export function Component() {
  const { t } = useTranslation();
  return (
    <Page title={t("notFound")} narrow>
      <p>
        <ButtonLink to="/">{t("toBeginning")}</ButtonLink>
      </p>
    </Page>
  );
}
