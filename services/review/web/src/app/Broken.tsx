import { useTranslation } from "react-i18next";
import { useRouteError } from "react-router";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";

/** In place of a page that failed. What is sealed in the device is untouched. */
export function Broken() {
  const { t } = useTranslation();
  const error = useRouteError();
  const detail = error instanceof Error ? error.name : "";
  return (
    <Notice kind="bad" action={<Button onClick={() => location.reload()}>{t("reload")}</Button>}>
      {t("error.broken", { detail })}
    </Notice>
  );
}
