import { useTranslation } from "react-i18next";
import { pages } from "../../api/names";
import { type Citizen, Presence, PresenceSchema } from "../../gen/samspil/directory/v1/directory_pb";
import {
  LateralitySchema,
  type Wound,
  WoundCloseReasonSchema,
  WoundState,
  WoundStateSchema,
  WoundTypeSchema,
} from "../../gen/samspil/wound/v1/wound_pb";
import { day } from "../../i18n/format";
import { term } from "../../i18n/terms";
import { Badge } from "../../ui/Badge";
import { ButtonLink } from "../../ui/Button";
import { age, dateOnly } from "./age";
import styles from "./CaseHeader.module.css";
import { Flags } from "./Flags";
import type { CaseData } from "./useCase";

/** Whom and which wound this is about, and what somebody has to know before anything else. */
export function CaseHeader({ wound, data }: { wound: Wound; data: CaseData }) {
  const { t } = useTranslation("case");
  return (
    <section className={styles.header} aria-label={t("header.label")}>
      <div className={styles.who}>
        {data.citizen.data ? <Who citizen={data.citizen.data} /> : <h1>{t("header.unknown")}</h1>}
      </div>
      <WoundLine wound={wound} />
      <Flags flags={data.flags.data ?? []} />
      <nav className={styles.links}>
        <ButtonLink small kind="quiet" to={pages.patient(wound.name)}>
          {t("header.citizen")}
        </ButtonLink>
        <ButtonLink small kind="quiet" to={pages.story(wound.name)}>
          {t("header.story")}
        </ButtonLink>
        <ButtonLink small kind="quiet" to={pages.print(wound.name)}>
          {t("header.print")}
        </ButtonLink>
      </nav>
    </section>
  );
}

const urgent: readonly Presence[] = [Presence.ADMITTED, Presence.DECEASED, Presence.ON_LEAVE];

function Who({ citizen }: { citizen: Citizen }) {
  const { t } = useTranslation("case");
  const years = age(citizen.birthDate, new Date());
  return (
    <>
      <h1>{citizen.displayName}</h1>
      {years !== undefined && (
        <span className={styles.quiet}>
          {t("header.age", { count: years })}, {t("header.born", { date: day(dateOnly(citizen.birthDate)) })}
        </span>
      )}
      {citizen.presence !== Presence.UNSPECIFIED && (
        <Badge kind={urgent.includes(citizen.presence) ? "warn" : undefined}>
          {term(PresenceSchema, citizen.presence)}
        </Badge>
      )}
    </>
  );
}

/** What the wound is, where, since when. */
export function WoundLine({ wound }: { wound: Wound }) {
  const { t } = useTranslation("case");
  const site = [wound.bodySite?.display || wound.bodySite?.code, term(LateralitySchema, wound.laterality)];
  const onset = dateOnly(wound.onsetDate);
  const parts = [
    site.filter(Boolean).join(", "),
    wound.label,
    onset && t("header.onset", { date: day(onset) }),
  ];
  return (
    <p className={styles.wound}>
      <strong>{term(WoundTypeSchema, wound.type)}</strong>
      <span>{parts.filter(Boolean).join(" · ")}</span>
      {wound.state === WoundState.CLOSED ? (
        <Badge>{t("header.closedAs", { reason: term(WoundCloseReasonSchema, wound.closeReason) })}</Badge>
      ) : (
        <Badge kind="info">{term(WoundStateSchema, wound.state)}</Badge>
      )}
    </p>
  );
}
