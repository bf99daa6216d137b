import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";
import { problem } from "../../api/errors";
import { idOf, pages } from "../../api/names";
import { queries } from "../../api/queries";
import { useIntention } from "../../api/useIntention";
import { wounds } from "../../api/wounds";
import { Page } from "../../app/Page";
import { type WoundType, WoundTypeSchema } from "../../gen/samspil/wound/v1/wound_pb";
import { choices } from "../../i18n/terms";
import { usePerson } from "../../session/session";
import { Button, ButtonLink } from "../../ui/Button";
import { Choice, TextField } from "../../ui/Field";
import { goToFault } from "../../ui/faults";
import { Failure, Notice } from "../../ui/Notice";
import { Waiting } from "../../ui/Waiting";
import { useKept } from "../follow/useKept";
import { covers } from "../patient/access";
import { today } from "../patient/consentForm";
import { SNOMED, siteOf } from "./bodySites";
import styles from "./NewWound.module.css";
import { SiteChoice } from "./SiteChoice";
import { emptyWound, inSamePlace, type WoundForm, woundFaults } from "./woundForm";

/** Opens a wound. What is filled in stays in the device until it is sent. */
export function Component() {
  const { t } = useTranslation(["nurse", "app"]);
  const { patient: id = "" } = useParams();
  const patient = `patients/${id}`;
  const { organisation } = usePerson();
  const navigate = useNavigate();
  const client = useQueryClient();
  const citizen = useQuery(queries.citizen(patient));
  const consents = useQuery(queries.consents(patient));
  const covered = consents.data && covers(consents.data, `organisations/${organisation}`);
  const others = useQuery({ ...queries.wounds(patient), enabled: covered === true });
  const { value: form, set, clear, ready } = useKept(`new-wound/${patient}`, emptyWound);
  const [tried, setTried] = useState(false);
  const faults = tried ? woundFaults(form, today()) : {};
  const open = useIntention(
    (form: WoundForm, requestId) => wounds.openWound({ parent: patient, wound: asWound(form), requestId }),
    async (wound) => {
      clear();
      await client.invalidateQueries({ queryKey: queries.wounds(patient).queryKey });
      navigate(`${pages.patient(patient)}#${idOf(wound.name)}`, { replace: true });
    },
  );
  const submit = (event: FormEvent<HTMLElement>) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(woundFaults(form, today())).length === 0) open.mutate(form);
    else goToFault(event.currentTarget);
  };
  if (!ready) return <Waiting />;
  const uncovered = covered === false || (open.isError && problem(open.error).reason === "NO_RELATION");
  const same = inSamePlace(form, others.data ?? []);
  return (
    <Page title={t("newWound.title")} narrow>
      <p>
        <Link to={pages.patient(patient)}>{citizen.data?.displayName ?? t("patient.title")}</Link>
      </p>
      {uncovered && (
        <Notice
          kind="warn"
          action={
            <ButtonLink kind="primary" to={`${pages.patient(patient)}?consent=new&then=new-wound`}>
              {t("consent.new")}
            </ButtonLink>
          }
        >
          {t("newWound.consentFirst")}
        </Notice>
      )}
      <form className={styles.form} onSubmit={submit} noValidate>
        <section className={styles.step} aria-labelledby="where">
          <h2 id="where">{t("newWound.where")}</h2>
          <SiteChoice form={form} onChange={set} siteFault={faults.code} sideFault={faults.side} />
        </section>
        {same && (
          <Notice
            kind="warn"
            action={
              <ButtonLink to={`${pages.patient(patient)}#${idOf(same.name)}`}>
                {t("newWound.toOther")}
              </ButtonLink>
            }
          >
            {t("newWound.same")}
          </Notice>
        )}
        <section className={styles.step} aria-labelledby="what">
          <h2 id="what">{t("newWound.what")}</h2>
          <Choice
            label={t("newWound.type")}
            error={faults.type && t("newWound.fault.type")}
            value={form.type}
            empty={t("newWound.chooseType")}
            options={choices<WoundType>(WoundTypeSchema)}
            onChange={(type) => set({ ...form, type })}
          />
          <TextField
            label={t("newWound.onset")}
            hint={t("newWound.onsetHint")}
            error={faults.onset && t("newWound.fault.future")}
            type="date"
            max={today()}
            value={form.onset}
            onChange={(event) => set({ ...form, onset: event.target.value })}
          />
          <TextField
            label={t("newWound.label")}
            hint={t("newWound.labelHint")}
            value={form.label}
            maxLength={200}
            autoComplete="off"
            onChange={(event) => set({ ...form, label: event.target.value })}
          />
        </section>
        {!uncovered && <Failure error={open.error} />}
        <Button kind="primary" type="submit" wide busy={open.isPending}>
          {t("newWound.open")}
        </Button>
      </form>
    </Page>
  );
}

function asWound(form: WoundForm) {
  return {
    type: form.type ?? 0,
    bodySite: { system: SNOMED, code: form.code, display: siteOf(form.code)?.da ?? "" },
    laterality: form.side,
    onsetDate: form.onset,
    label: form.label.trim(),
  };
}
