import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import { directory } from "../../api/directory";
import { pages } from "../../api/names";
import { queries } from "../../api/queries";
import { useIntention } from "../../api/useIntention";
import { type Citizen, OrganisationKindSchema } from "../../gen/samspil/directory/v1/directory_pb";
import { term } from "../../i18n/terms";
import { usePerson } from "../../session/session";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { goToFault } from "../../ui/faults";
import { Failure } from "../../ui/Notice";
import { Organisation } from "../../ui/Organisation";
import { useKept } from "../follow/useKept";
import { type ConsentForm, consentFaults, givenAt, offered, today } from "./consentForm";
import styles from "./Patient.module.css";

/** Records what the citizen has signed. */
export function GrantConsent({ citizen, onClose }: { citizen: Citizen; onClose?: () => void }) {
  const { t } = useTranslation(["nurse", "app"]);
  const own = `organisations/${usePerson().organisation}`;
  const client = useQueryClient();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const all = useQuery(queries.organisations());
  const empty = useMemo((): ConsentForm => ({ others: [], document: "", date: today() }), []);
  const { value, set, clear } = useKept(`consent/${citizen.name}`, empty);
  const [tried, setTried] = useState(false);
  const faults = tried ? consentFaults(value, today()) : {};
  const grant = useIntention(
    (form: ConsentForm, requestId) =>
      directory.grantConsent({
        parent: citizen.name,
        consent: {
          organisations: [own, ...form.others],
          document: form.document.trim(),
          givenTime: timestampFromDate(givenAt(form.date)),
        },
        requestId,
      }),
    async () => {
      clear();
      await client.invalidateQueries();
      onClose?.();
      if (params.get("then") === "new-wound") navigate(pages.newWound(citizen.name), { replace: true });
    },
  );
  const submit = (event: FormEvent<HTMLElement>) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(consentFaults(value, today())).length === 0) grant.mutate(value);
    else goToFault(event.currentTarget);
  };
  const toggle = (name: string, on: boolean) =>
    set({ ...value, others: on ? [...value.others, name] : value.others.filter((one) => one !== name) });
  return (
    <form className={`${styles.item} ${styles.form}`} onSubmit={submit} noValidate>
      <h3>{t("consent.newTitle")}</h3>
      <p className={styles.quiet}>{t("consent.newText")}</p>
      <fieldset className={styles.choices}>
        <legend className={styles.legend}>{t("consent.whom")}</legend>
        <label className={styles.choice}>
          <input type="checkbox" checked disabled />
          <span>
            <Organisation name={own} />
          </span>
        </label>
        {offered(all.data ?? [], own, citizen.municipalityCode).map(({ kind, organisations }) => (
          <div key={kind}>
            <p className={styles.quiet}>{term(OrganisationKindSchema, kind)}</p>
            {organisations.map((one) => (
              <label key={one.name} className={styles.choice}>
                <input
                  type="checkbox"
                  checked={value.others.includes(one.name)}
                  onChange={(event) => toggle(one.name, event.target.checked)}
                />
                <span>{one.displayName}</span>
              </label>
            ))}
          </div>
        ))}
        <Failure error={all.error} onRetry={() => all.refetch()} />
      </fieldset>
      <TextField
        label={t("consent.document")}
        hint={t("consent.documentHint")}
        error={faults.document && t("consent.fault.document")}
        value={value.document}
        maxLength={200}
        autoComplete="off"
        onChange={(event) => set({ ...value, document: event.target.value })}
      />
      <TextField
        label={t("consent.date")}
        type="date"
        max={today()}
        error={faults.date && t(`consent.fault.${faults.date}`)}
        value={value.date}
        onChange={(event) => set({ ...value, date: event.target.value })}
      />
      <Failure error={grant.error} />
      <div className={styles.actions}>
        <Button kind="primary" type="submit" busy={grant.isPending}>
          {t("consent.record")}
        </Button>
        {onClose && (
          <Button
            onClick={() => {
              clear();
              onClose();
            }}
          >
            {t("app:cancel")}
          </Button>
        )}
      </div>
    </form>
  );
}
