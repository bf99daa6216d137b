import { useTranslation } from "react-i18next";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { useNewVersion, version } from "./version";

/** There is a newer page. It comes when the person says so, never over what is being typed. */
export function NewVersion() {
  const { t } = useTranslation();
  if (!useNewVersion()) return null;
  return (
    <Notice
      kind="info"
      action={
        <Button small onClick={() => version.take()}>
          {t("reload")}
        </Button>
      }
    >
      {t("newVersion")}
    </Notice>
  );
}
