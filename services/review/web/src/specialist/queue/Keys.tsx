import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import styles from "./Keys.module.css";

const keys = ["move", "page", "ends", "open", "claim", "release", "filters", "leave", "help"] as const;

/** What the keys do. */
export default function Keys({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(["queue", "app"]);
  return (
    <Dialog
      open
      title={t("keys.title")}
      onClose={onClose}
      actions={
        <Button kind="primary" onClick={onClose}>
          {t("app:close")}
        </Button>
      }
    >
      <dl className={styles.keys}>
        {keys.map((key) => (
          <div key={key}>
            <dt>
              <kbd>{t(`keys.${key}.key`)}</kbd>
            </dt>
            <dd>{t(`keys.${key}.does`)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
