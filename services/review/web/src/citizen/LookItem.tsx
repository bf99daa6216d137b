import { timestampDate } from "@bufbuild/protobuf/wkt";
import { useTranslation } from "react-i18next";
import { dayAndTime, timeOfDay } from "../i18n/format";
import { Badge } from "../ui/Badge";
import { isEmergency, isRefused, type Look } from "./looks";
import styles from "./Record.module.css";
import { actionText, basisText, roleText } from "./words";

/** One look: when, who, what, and what it stood on. */
export function LookItem({ look, own }: { look: Look; own: boolean }) {
  const { t } = useTranslation(["citizen", "actions"]);
  const [last] = look.events;
  const first = look.events.at(-1) ?? last;
  const emergency = isEmergency(last);
  const refused = isRefused(last);
  const name = own ? t("look.you") : last.who?.displayName || last.who?.person || t("look.nobody");
  const place = last.organisationDisplayName || last.who?.organisation.replace("organisations/", "");
  const [from, until] = [timeOfDay(first.time), timeOfDay(last.time)];
  return (
    <li className={emergency ? `${styles.look} ${styles.emergency}` : styles.look}>
      <div className={styles.bar}>
        <h3>{name}</h3>
        {emergency && <Badge kind="bad">{t("look.emergency")}</Badge>}
        {refused && <Badge kind="warn">{t("look.refused")}</Badge>}
        {last.time && (
          <time
            className={styles.when}
            dateTime={timestampDate(last.time).toISOString()}
            title={dayAndTime(last.time)}
          >
            {from === until ? until : `${from}–${until}`}
          </time>
        )}
      </div>
      {!own && <p className={styles.quiet}>{[roleText(last.role), place].filter(Boolean).join(" · ")}</p>}
      {refused && <p>{t("look.tried")}</p>}
      <ul className={styles.actions}>
        {look.actions.map(({ event, count }) => (
          <li key={event.id}>{t("look.times", { what: actionText(event), count })}</li>
        ))}
      </ul>
      <p className={styles.quiet}>{basisText(last)}</p>
      {emergency && last.reason && (
        <p className={styles.reason}>
          {t("look.reason")} <q>{last.reason}</q>
        </p>
      )}
    </li>
  );
}
