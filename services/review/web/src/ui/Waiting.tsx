import { useTranslation } from "react-i18next";
import styles from "./Waiting.module.css";

/** In place of what is still on its way. */
export function Waiting() {
  const { t } = useTranslation();
  return (
    <p className={styles.waiting} role="status">
      {t("loading")}
    </p>
  );
}
