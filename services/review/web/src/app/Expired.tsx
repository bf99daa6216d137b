import { useTranslation } from "react-i18next";
import { session } from "../session/session";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";

/** The sign-in has run out. The page stays usable: what is typed stays, and what is sent later waits. */
export function Expired({ open }: { open: boolean }) {
  const { t } = useTranslation();
  if (!open) return null;
  return (
    <Notice
      kind="warn"
      action={
        <Button kind="primary" onClick={() => session.signIn()}>
          {t("signInAgain")}
        </Button>
      }
    >
      {t("expired")}
    </Notice>
  );
}
