import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { session } from "../session/session";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { Waiting } from "../ui/Waiting";

let returning: Promise<string> | undefined;

/** Back from the provider. */
export function SignedIn() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    // The code in the address holds once, however often this is shown.
    returning ??= session.signedIn();
    returning.then(
      (page) => navigate(page, { replace: true }),
      () => setFailed(true),
    );
  }, [navigate]);
  if (!failed) return <Waiting />;
  return (
    <Notice kind="bad" action={<Button onClick={() => session.signIn("/")}>{t("signInAgain")}</Button>}>
      {t("error.signIn")}
    </Notice>
  );
}
