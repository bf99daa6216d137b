import type { UseQueryResult } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "react-router";
import { idOf, pages } from "../../api/names";
import { type Citizen, Presence } from "../../gen/samspil/directory/v1/directory_pb";
import { type Wound, WoundCloseReasonSchema, WoundState } from "../../gen/samspil/wound/v1/wound_pb";
import { day } from "../../i18n/format";
import { term } from "../../i18n/terms";
import { usePerson } from "../../session/session";
import { ButtonLink } from "../../ui/Button";
import { Failure } from "../../ui/Notice";
import { Waiting } from "../../ui/Waiting";
import type { Along } from "../follow/along";
import { NurseWound } from "../follow/NurseWound";
import { woundText } from "../follow/person";
import { type Household, households } from "../follow/tasks";
import styles from "./Patient.module.css";

interface WoundsProps {
  patient: string;
  citizen: Citizen;
  wounds: UseQueryResult<Wound[]>;
  along: Along;
}

/** A citizen's wounds: the open ones with all there is to do, the closed ones as a list. */
export function Wounds({ patient, citizen, wounds, along }: WoundsProps) {
  const { t } = useTranslation("nurse");
  const { role, organisation } = usePerson();
  const all = wounds.data ?? [];
  const open = pressingFirst(
    all.filter((wound) => wound.state === WoundState.OPEN),
    households(along.caseload, `organisations/${organisation}`).find((one) => one.patient === patient),
  );
  const closed = all.filter((wound) => wound.state !== WoundState.OPEN);
  const records = role === "nurse" && citizen.presence !== Presence.DECEASED;
  useGoTo(open.length > 0);
  return (
    <section aria-labelledby="wounds" className={styles.section}>
      <div className={styles.bar}>
        <h2 id="wounds">{t("wounds.title")}</h2>
        {records && <ButtonLink to={pages.newWound(patient)}>{t("wounds.new")}</ButtonLink>}
      </div>
      {!wounds.data &&
        (wounds.error ? <Failure error={wounds.error} onRetry={wounds.refetch} /> : <Waiting />)}
      {wounds.data && open.length === 0 && <p>{t("wounds.noneOpen")}</p>}
      {open.map((wound) => (
        <NurseWound key={wound.name} wound={wound} along={along} records={records} />
      ))}
      {closed.length > 0 && (
        <details className={styles.closed}>
          <summary>{t("wounds.closed", { count: closed.length })}</summary>
          <ul>
            {closed.map((wound) => (
              <li key={wound.name}>
                <Link className={styles.line} to={pages.wound(wound.name)}>
                  {woundText(wound)}
                </Link>
                <span className={styles.quiet}>
                  {term(WoundCloseReasonSchema, wound.closeReason)} · {day(wound.updateTime)}
                </span>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

/** In the order of the start page. */
function pressingFirst(open: Wound[], household: Household | undefined): Wound[] {
  const order = household?.wounds.map(({ wound }) => wound.name) ?? [];
  const rank = (wound: Wound) => (order.indexOf(wound.name) + order.length + 1) % (order.length + 1);
  return open.toSorted((a, b) => rank(a) - rank(b));
}

/** Brings the wound of the address into view, once it is there. */
function useGoTo(there: boolean): void {
  const { hash } = useLocation();
  useEffect(() => {
    if (!there || !hash) return;
    const found = document.getElementById(idOf(hash.slice(1)));
    found?.scrollIntoView({ block: "start" });
    found?.focus({ preventScroll: true });
  }, [there, hash]);
}
