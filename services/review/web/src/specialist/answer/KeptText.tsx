import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button";
import styles from "./Answer.module.css";
import { asText, isEmpty } from "./draft";
import type { Drafting } from "./useDraft";

/** What was typed for an answer that cannot be signed now: to be read, copied, and thrown away by its author alone. */
export function KeptText({ drafting }: { drafting: Drafting }) {
  const { t } = useTranslation(["answer"]);
  const [copied, setCopied] = useState<boolean>();
  const { draft, saver } = drafting;
  if (isEmpty(draft)) return null;
  const text = asText(draft);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <section className={styles.kept}>
      <h3>{t("kept.title")}</h3>
      <p>{t("kept.text")}</p>
      <pre>{text}</pre>
      <div className={styles.buttons}>
        <Button small onClick={copy}>
          {t("kept.copy")}
        </Button>
        <Button small kind="quiet" onClick={() => saver.discard()}>
          {t("kept.discard")}
        </Button>
        <span role="status">{copied !== undefined && t(copied ? "kept.copied" : "kept.notCopied")}</span>
      </div>
    </section>
  );
}
