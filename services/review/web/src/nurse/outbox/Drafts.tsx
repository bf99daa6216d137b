import { useTranslation } from "react-i18next";
import { pages } from "../../api/names";
import { dayAndTime } from "../../i18n/format";
import { vault } from "../../session/vault";
import { ButtonLink } from "../../ui/Button";
import type { FormRecord } from "../visit/form";
import styles from "./Outbox.module.css";
import { useVault } from "./unsent";

/** Visits that are not finished, the oldest first. Other pages keep forms of their own. */
async function drafts(): Promise<FormRecord[]> {
  const ids = (await vault.ids("form")).filter((id) => id.startsWith("patients/"));
  const found = await Promise.all(ids.map((id) => vault.openJson<FormRecord>("form", id)));
  return found.filter((one) => one !== undefined).sort((a, b) => a.startedAt.localeCompare(b.startedAt));
}

export function Drafts() {
  const { t } = useTranslation("outbox");
  const found = useVault(drafts);
  if (!found?.length) return null;
  return (
    <section className={styles.section}>
      <h2>{t("drafts.title")}</h2>
      <ul className={styles.list}>
        {found.map((form) => (
          <li key={form.visitId} className={styles.card}>
            <div className={styles.head}>
              <p>
                {t("drafts.started", { when: dayAndTime(new Date(form.startedAt)) })}
                {form.photos.length > 0 && `, ${t("photos", { count: form.photos.length })}`}
              </p>
              <ButtonLink to={pages.visit(form.wound)}>{t("drafts.continue")}</ButtonLink>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
