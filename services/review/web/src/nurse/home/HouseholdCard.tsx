import { memo } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { idOf, pages } from "../../api/names";
import { PresenceSchema } from "../../gen/samspil/directory/v1/directory_pb";
import { day } from "../../i18n/format";
import { term } from "../../i18n/terms";
import { usePerson } from "../../session/session";
import { Badge } from "../../ui/Badge";
import { ButtonLink } from "../../ui/Button";
import { When } from "../../ui/When";
import { bornText, woundText } from "../follow/person";
import { TaskBadge } from "../follow/TaskBadge";
import { type Household, isAway } from "../follow/tasks";
import styles from "./Home.module.css";

/** A citizen with their open wounds. */
export const HouseholdCard = memo(function HouseholdCard({ household }: { household: Household }) {
  const { t } = useTranslation("nurse");
  const { citizen, patient, wounds } = household;
  return (
    <li className={styles.card}>
      <div className={styles.who}>
        <Link className={styles.name} to={pages.patient(patient)}>
          {citizen?.displayName ?? t("unknownCitizen")}
        </Link>
        {citizen && <span className={styles.quiet}>{bornText(citizen)}</span>}
        {isAway(citizen) && <Badge kind="warn">{term(PresenceSchema, citizen?.presence ?? 0)}</Badge>}
      </div>
      <ul className={styles.wounds}>
        {wounds.map((one) => (
          <WoundRow key={one.wound.name} row={one} away={isAway(citizen)} />
        ))}
      </ul>
    </li>
  );
});

function WoundRow({ row, away }: { row: Household["wounds"][number]; away: boolean }) {
  const { t } = useTranslation("nurse");
  const { role } = usePerson();
  const { wound, tasks, visit } = row;
  return (
    <li className={styles.wound}>
      <Link className={styles.about} to={`${pages.patient(wound.name)}#${idOf(wound.name)}`}>
        <span className={styles.what}>{woundText(wound)}</span>
        {wound.label && <span className={styles.quiet}>{wound.label}</span>}
        {tasks.length > 0 && (
          <span className={styles.tasks}>
            {tasks.map((task) => (
              <TaskBadge key={`${task.kind} ${task.time?.seconds}`} task={task} />
            ))}
          </span>
        )}
        <span className={styles.quiet}>
          {visit?.visitTime ? (
            <>
              {t("wound.lastVisit")} <When time={visit.visitTime} />
            </>
          ) : (
            t("wound.noVisit")
          )}
          {wound.nextPhotoDueTime && ` · ${t("wound.nextPhoto", { date: day(wound.nextPhotoDueTime) })}`}
        </span>
      </Link>
      {role === "nurse" && !away && (
        <ButtonLink
          to={pages.visit(wound.name)}
          aria-label={t("wound.visitLabel", { wound: woundText(wound) })}
        >
          {t("wound.visit")}
        </ButtonLink>
      )}
    </li>
  );
}
