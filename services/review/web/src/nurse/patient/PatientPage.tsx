import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { pages, patientOf } from "../../api/names";
import { queries } from "../../api/queries";
import { Page, useTitle } from "../../app/Page";
import { type Citizen, Presence, PresenceSchema } from "../../gen/samspil/directory/v1/directory_pb";
import type { Wound } from "../../gen/samspil/wound/v1/wound_pb";
import { day } from "../../i18n/format";
import { term } from "../../i18n/terms";
import { usePerson } from "../../session/session";
import { Badge } from "../../ui/Badge";
import { ButtonLink } from "../../ui/Button";
import { Failure, Notice } from "../../ui/Notice";
import { Waiting } from "../../ui/Waiting";
import { AsOf } from "../follow/AsOf";
import { type Along, forget, useAlong } from "../follow/along";
import { bornText } from "../follow/person";
import { accessOf, covers } from "./access";
import { Consents } from "./Consents";
import styles from "./Patient.module.css";
import { Plan } from "./Plan";
import { Wounds } from "./Wounds";

/** A citizen as nurse, general practitioner and coordinator see them. */
export function Component() {
  const { t } = useTranslation("nurse");
  const { patient = "" } = useParams();
  const along = useAlong();
  useTitle(t("patient.title"));
  if (!along.ready) return <Waiting />;
  return <Known key={patient} patient={`patients/${patient}`} along={along} />;
}

/** Withdrawn consents are told by no stream. */
const ASK_EVERY_MS = 30_000;

function Known({ patient, along }: { patient: string; along: Along }) {
  const { t } = useTranslation("nurse");
  const { organisation } = usePerson();
  const own = `organisations/${organisation}`;
  const taken = takenOf(along);
  const citizen = useQuery({ ...queries.citizen(patient), ...taken(along.caseload.citizens.get(patient)) });
  const consents = useQuery({ ...queries.consents(patient), refetchInterval: ASK_EVERY_MS });
  const open = [...along.caseload.wounds.values()].filter((wound) => patientOf(wound.name) === patient);
  const wounds = useQuery({
    ...queries.wounds(patient),
    ...taken<Wound[]>(open.length > 0 ? open : undefined),
    // Without a consent there is nothing to ask for; without a network it is worth a try.
    enabled: consents.data ? covers(consents.data, own) : consents.isError,
  });
  const access = accessOf(citizen, consents, wounds, own);
  const gone = access === "none" || access === "uncovered";
  useEffect(() => {
    if (gone) forget(patient);
  }, [gone, patient]);

  if (access === "none") return <Gone />;
  if (!citizen.data)
    return citizen.error ? <Failure error={citizen.error} onRetry={citizen.refetch} /> : <Waiting />;
  return (
    <div className={styles.page}>
      <Header citizen={citizen.data} />
      <AsOf along={along} />
      {access === "unknown" &&
        (consents.error ? <Failure error={consents.error} onRetry={consents.refetch} /> : <Waiting />)}
      {access === "uncovered" && <Notice kind="warn">{t("consent.missing")}</Notice>}
      {access === "covered" && (
        <>
          <Wounds patient={patient} wounds={wounds} along={along} citizen={citizen.data} />
          <Plan patient={patient} />
        </>
      )}
      <Consents citizen={citizen.data} consents={consents} needed={access === "uncovered"} />
    </div>
  );
}

/** What was taken along stands in until the server has answered. */
function takenOf(along: Along) {
  return <T,>(data: T | undefined) =>
    data === undefined ? {} : { initialData: data, initialDataUpdatedAt: along.caseload.at };
}

function Header({ citizen }: { citizen: Citizen }) {
  const { t } = useTranslation("nurse");
  const away = citizen.presence === Presence.ADMITTED || citizen.presence === Presence.ON_LEAVE;
  const dead = citizen.presence === Presence.DECEASED;
  return (
    <>
      <header className={styles.header}>
        <h1>{citizen.displayName}</h1>
        <p className={styles.quiet}>
          {bornText(citizen)}
          {citizen.presence === Presence.HOME && (
            <>
              {" "}
              <Badge kind="good">{term(PresenceSchema, citizen.presence)}</Badge>
            </>
          )}
        </p>
      </header>
      {away && (
        <Notice kind="warn">
          {t(citizen.presence === Presence.ADMITTED ? "patient.admitted" : "patient.onLeave", {
            date: day(citizen.presenceTime),
          })}
        </Notice>
      )}
      {dead && <Notice kind="warn">{t("patient.deceased", { date: day(citizen.presenceTime) })}</Notice>}
    </>
  );
}

/** There was a relation, or there never was: either way nothing of anybody is shown. */
function Gone() {
  const { t } = useTranslation(["nurse", "app"]);
  return (
    <Page title={t("patient.title")} narrow>
      <Notice kind="warn">{t("patient.gone")}</Notice>
      <p>
        <ButtonLink to={pages.home}>{t("app:nav.home")}</ButtonLink>
      </p>
    </Page>
  );
}
