import { useTranslation } from "react-i18next";
import { isUnreachable } from "../../api/errors";
import { Failure } from "../../ui/Notice";
import styles from "./Follow.module.css";

/** In place of what could not be read. Without a network the page says so at its top, and here only that this was not taken along. */
export function NotHere({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation("nurse");
  if (error && isUnreachable(error)) return <p className={styles.quiet}>{t("notTaken")}</p>;
  return <Failure error={error} onRetry={onRetry} />;
}
