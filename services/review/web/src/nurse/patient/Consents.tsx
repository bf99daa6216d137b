import { type UseQueryResult, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { directory } from "../../api/directory";
import { useIntention } from "../../api/useIntention";
import { type Citizen, type Consent, ConsentState } from "../../gen/samspil/directory/v1/directory_pb";
import { day } from "../../i18n/format";
import { usePerson } from "../../session/session";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Failure } from "../../ui/Notice";
import { Organisation } from "../../ui/Organisation";
import { NotHere } from "../follow/NotHere";
import { GrantConsent } from "./GrantConsent";
import styles from "./Patient.module.css";

interface ConsentsProps {
  citizen: Citizen;
  consents: UseQueryResult<Consent[]>;
  /** Nothing else can be done before there is one. */
  needed: boolean;
}

/** Who may share, by the citizen's own words. */
export function Consents({ citizen, consents, needed }: ConsentsProps) {
  const { t } = useTranslation("nurse");
  const { role } = usePerson();
  const [params] = useSearchParams();
  const mayWrite = role === "nurse" || role === "gp";
  const [granting, setGranting] = useState(params.has("consent"));
  const all = consents.data ?? [];
  return (
    <section aria-labelledby="consents" className={styles.section}>
      <div className={styles.bar}>
        <h2 id="consents">{t("consent.title")}</h2>
        {mayWrite && !granting && !needed && (
          <Button onClick={() => setGranting(true)}>{t("consent.new")}</Button>
        )}
      </div>
      {!consents.data && <NotHere error={consents.error} onRetry={consents.refetch} />}
      {mayWrite && (granting || needed) && (
        <GrantConsent citizen={citizen} {...(!needed && { onClose: () => setGranting(false) })} />
      )}
      {consents.data && all.length === 0 && <p>{t("consent.none")}</p>}
      {all.map((one) => (
        <ConsentItem key={one.name} consent={one} mayWrite={mayWrite} />
      ))}
    </section>
  );
}

function ConsentItem({ consent, mayWrite }: { consent: Consent; mayWrite: boolean }) {
  const { t } = useTranslation(["nurse", "app"]);
  const stands = consent.state === ConsentState.GIVEN;
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const withdraw = useIntention(
    (etag: string, requestId) => directory.withdrawConsent({ name: consent.name, etag, requestId }),
    () => {
      setAsking(false);
      void client.invalidateQueries();
    },
  );
  return (
    <article className={styles.item}>
      <div className={styles.bar}>
        <Badge kind={stands ? "good" : undefined}>{t(stands ? "consent.stands" : "consent.withdrawn")}</Badge>
        {stands && mayWrite && (
          <Button small onClick={() => setAsking(true)}>
            {t("consent.withdraw")}
          </Button>
        )}
      </div>
      <ul>
        {consent.organisations.map((name) => (
          <li key={name}>
            <Organisation name={name} />
          </li>
        ))}
      </ul>
      <p className={styles.quiet}>
        {t("consent.given", { date: day(consent.givenTime), document: consent.document })}
        {consent.recordedBy && ` · ${t("consent.recordedBy", { name: consent.recordedBy.displayName })}`}
        {!stands && ` · ${t("consent.withdrawnOn", { date: day(consent.withdrawTime) })}`}
      </p>
      <Dialog
        open={asking}
        title={t("consent.withdrawTitle")}
        onClose={() => setAsking(false)}
        actions={
          <>
            <Button kind="danger" busy={withdraw.isPending} onClick={() => withdraw.mutate(consent.etag)}>
              {t("consent.withdrawNow")}
            </Button>
            <Button kind="primary" onClick={() => setAsking(false)}>
              {t("consent.keep")}
            </Button>
          </>
        }
      >
        <p>{t("consent.withdrawText")}</p>
        <Failure error={withdraw.error} />
      </Dialog>
    </article>
  );
}
