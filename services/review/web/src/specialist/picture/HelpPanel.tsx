import { useTranslation } from "react-i18next";
import { commands, shown } from "./keys";
import styles from "./Panel.module.css";

/** Every key of the pictures. */
export function HelpPanel() {
  const { t } = useTranslation("picture");
  return (
    <section className={styles.panel} aria-label={t("panel.help")}>
      <p className={styles.note}>{t("help.focus")}</p>
      <dl className={styles.keys}>
        {commands.map((command) => (
          <div key={command}>
            <dt>
              <kbd>{shown(command)}</kbd>
            </dt>
            <dd>{t(`command.${command}`)}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.note}>{t("help.touch")}</p>
      <p className={styles.note}>{t("help.strip")}</p>
    </section>
  );
}
