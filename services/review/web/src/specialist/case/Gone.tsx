import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, ButtonLink } from "../../ui/Button";
import { TextArea } from "../../ui/Field";
import styles from "./Gone.module.css";

/** In place of a case that may not be seen any more. What the person had typed is theirs to copy. */
export function Gone({ typed }: { typed: string }) {
  const { t } = useTranslation("case");
  const [copied, setCopied] = useState(false);
  return (
    <div className={styles.gone} role="alert">
      <h1>{t("gone.title")}</h1>
      <p>{t("gone.text")}</p>
      {typed && (
        <>
          <TextArea label={t("thread.kept")} readOnly value={typed} />
          <p>
            <Button small onClick={() => navigator.clipboard.writeText(typed).then(() => setCopied(true))}>
              {copied ? t("thread.copied") : t("thread.copy")}
            </Button>
          </p>
        </>
      )}
      <p>
        <ButtonLink to="/">{t("gone.back")}</ButtonLink>
      </p>
    </div>
  );
}
