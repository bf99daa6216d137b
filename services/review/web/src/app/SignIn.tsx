import { useState } from "react";
import { useTranslation } from "react-i18next";
import { speak } from "../i18n/i18n";
import { session } from "../session/session";
import { Button } from "../ui/Button";
import { Failure } from "../ui/Notice";
import styles from "./SignIn.module.css";

/** The door: nothing of anybody is shown before somebody has signed in. */
export function SignIn() {
  const { t, i18n } = useTranslation();
  const [error, setError] = useState<unknown>();
  const other = i18n.language === "da" ? "en" : "da";
  return (
    <main className={styles.page}>
      <h1 className={styles.brand}>
        <img src="/icon.svg" alt="" width="48" height="48" />
        Samspil
      </h1>
      <p className={styles.lead}>{t("lead")}</p>
      <Failure error={error} />
      <Button kind="primary" onClick={() => session.signIn().catch(setError)}>
        {t("signIn")}
      </Button>
      <Button kind="quiet" small lang={other} onClick={() => speak(other)}>
        {other === "en" ? "English" : "Dansk"}
      </Button>
    </main>
  );
}
