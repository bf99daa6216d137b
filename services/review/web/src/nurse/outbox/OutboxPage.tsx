import { useTranslation } from "react-i18next";
import { Page } from "../../app/Page";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import { Waiting } from "../../ui/Waiting";
import { Drafts } from "./Drafts";
import styles from "./Outbox.module.css";
import { useProgress } from "./progress";
import { Sent } from "./Sent";
import { sender } from "./sender";
import { receipts, unsentVisits } from "./store";
import { useVault } from "./unsent";
import { VisitCard } from "./VisitCard";

/** What has not arrived yet, what the nurse has to do about it, and what has arrived of late. */
export function Component() {
  const { t } = useTranslation("outbox");
  const visits = useVault(unsentVisits);
  const sent = useVault(receipts);
  const { state } = useProgress();
  if (!visits || !sent) return <Waiting />;
  return (
    <Page title={t("title")} narrow>
      {visits.length === 0 && <p>{t("empty")}</p>}
      {visits.length > 0 && state === "unreachable" && (
        <Notice kind="warn" action={<Button onClick={() => sender.wake()}>{t("now")}</Button>}>
          {t("unreachable")}
        </Notice>
      )}
      {visits.length > 0 && state === "signIn" && <Notice kind="warn">{t("signIn")}</Notice>}
      <ul className={styles.list}>
        {visits.map((visit) => (
          <li key={visit.id}>
            <VisitCard visit={visit} />
          </li>
        ))}
      </ul>
      <Drafts />
      {sent.length > 0 && <Sent receipts={sent} />}
    </Page>
  );
}
