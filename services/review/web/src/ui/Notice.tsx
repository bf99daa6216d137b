import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { isCanceled, problem } from "../api/errors";
import { Button } from "./Button";
import styles from "./Notice.module.css";

/** Something that a person has to know, in the page where it matters. Trouble is read out at once. */
export function Notice({
  kind,
  children,
  action,
}: {
  kind: "bad" | "warn" | "good" | "info";
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={`${styles.notice} ${styles[kind]}`} role={kind === "bad" ? "alert" : "status"}>
      <div>{children}</div>
      {action}
    </div>
  );
}

/** Why something failed, and the way to try again. Shows nothing without an error. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: (() => void) | undefined }) {
  const { t } = useTranslation();
  if (!error || isCanceled(error)) return null;
  return (
    <Notice
      kind="bad"
      action={
        onRetry && (
          <Button small onClick={onRetry}>
            {t("retry")}
          </Button>
        )
      }
    >
      {problem(error).text}
    </Notice>
  );
}
