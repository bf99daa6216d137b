import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { directory } from "../../api/directory";
import { problem } from "../../api/errors";
import { pages } from "../../api/names";
import { queries } from "../../api/queries";
import { useIntention } from "../../api/useIntention";
import { usePerson } from "../../session/session";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Failure, Notice } from "../../ui/Notice";
import styles from "./Find.module.css";

/** Registers a citizen of the own municipality; those of another one are for its nurses to register. */
export function Register({ number }: { number: string }) {
  const { t } = useTranslation("nurse");
  const { organisation } = usePerson();
  const own = useQuery(queries.organisation(`organisations/${organisation}`));
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [empty, setEmpty] = useState(false);
  const register = useIntention(
    (displayName: string, requestId) =>
      directory.registerCitizen({
        personNumber: number,
        displayName,
        municipalityCode: own.data?.municipalityCode ?? "",
        requestId,
      }),
    (citizen) => navigate(pages.patient(citizen.name)),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setEmpty(!name.trim());
    if (name.trim()) register.mutate(name.trim());
  };
  const elsewhere = register.isError && problem(register.error).reason === "NO_RELATION";
  return (
    <section aria-labelledby="register" className={styles.form}>
      <Notice kind="warn">{t("find.notFoundRegister")}</Notice>
      <h2 id="register">{t("register.title")}</h2>
      <form className={styles.form} onSubmit={submit} noValidate>
        <TextField
          label={t("register.name")}
          error={empty ? t("register.nameMissing") : undefined}
          value={name}
          onChange={(event) => setName(event.target.value)}
          autoComplete="off"
          maxLength={200}
        />
        {own.data && (
          <p>
            {t("register.municipality", {
              code: own.data.municipalityCode,
              organisation: own.data.displayName,
            })}
          </p>
        )}
        <Failure error={own.error} onRetry={() => own.refetch()} />
        {elsewhere ? (
          <Notice kind="bad">{t("register.elsewhere")}</Notice>
        ) : (
          <Failure error={register.error} />
        )}
        <Button kind="primary" type="submit" busy={register.isPending || !own.data} wide>
          {t("register.register")}
        </Button>
      </form>
    </section>
  );
}
