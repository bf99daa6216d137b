import { useTranslation } from "react-i18next";
import styles from "./fields.module.css";

/** What was found at the visit before, and the way to say that it is the same. Shows nothing when it was not assessed. */
export function Last({ value, onAgain }: { value: string | undefined; onAgain?: (() => void) | undefined }) {
  const { t } = useTranslation("visit");
  if (!value) return null;
  return (
    <div className={styles.last}>
      <span>{t("last.value", { value })}</span>
      {onAgain && (
        <button type="button" className={styles.again} onClick={onAgain}>
          {t("last.again")}
          <span className="hidden-visually"> {value}</span>
        </button>
      )}
    </div>
  );
}
