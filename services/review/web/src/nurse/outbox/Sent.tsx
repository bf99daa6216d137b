import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { pages } from "../../api/names";
import { dayAndTime, timeOfDay } from "../../i18n/format";
import styles from "./Outbox.module.css";
import { eachOnce } from "./record";
import type { Receipt } from "./store";
import { Warnings } from "./Warnings";

/** What has arrived: the server has it for good, and this device has forgotten the photos. */
export function Sent({ receipts }: { receipts: Receipt[] }) {
  const { t } = useTranslation("outbox");
  return (
    <section className={styles.section}>
      <h2>{t("done.title")}</h2>
      <ul className={styles.list}>
        {receipts.map(({ visit, sentAt }) => {
          const photos = visit.photos.filter((photo) => photo.state === "stored");
          return (
            <li key={visit.id} className={styles.card}>
              <Link to={pages.wound(visit.wound)}>{visit.title || t("visit")}</Link>
              <p className={styles.quiet}>
                {dayAndTime(new Date(visit.visitTime))} · {t("photos", { count: photos.length })} ·{" "}
                {t("done.at", { time: timeOfDay(new Date(sentAt)) })}
              </p>
              <Warnings warnings={eachOnce(photos.flatMap((photo) => photo.warnings ?? []))} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
