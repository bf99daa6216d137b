import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { problem } from "../api/errors";
import { session } from "../session/session";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { Waiting } from "../ui/Waiting";

let returning: Promise<string> | undefined;

/** Back from the provider. */
export function SignedIn() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [failure, setFailure] = useState<string>();
  useEffect(() => {
    // The code in the address holds once, however often this is shown.
    returning ??= session.signedIn();
    returning.then(
      (page) => navigate(page, { replace: true }),
      // The provider may have let in somebody whom the services do not: that is said as it is.
      (error) => setFailure(problem(error).reason ? problem(error).text : t("error.signIn")),
    );
  }, [navigate, t]);
  if (!failure) return <Waiting />;
  return (
    <Notice kind="bad" action={<Button onClick={() => session.signIn("/")}>{t("signInAgain")}</Button>}>
      {failure}
    </Notice>
  );
}
