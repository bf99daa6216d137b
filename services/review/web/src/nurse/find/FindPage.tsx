import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { directory } from "../../api/directory";
import { problem } from "../../api/errors";
import { pages } from "../../api/names";
import { Page } from "../../app/Page";
import { usePerson } from "../../session/session";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { goToFault } from "../../ui/faults";
import { Failure, Notice } from "../../ui/Notice";
import styles from "./Find.module.css";
import { type Fault, readPersonNumber } from "./personNumber";
import { Register } from "./Register";

/** Finds a citizen by person number. The number is in this form and in the call, and nowhere else. */
export function Component() {
  const { t } = useTranslation(["nurse", "app"]);
  const { role } = usePerson();
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const [fault, setFault] = useState<Fault>();
  const find = useMutation({
    // Nothing of the call is kept once it is over.
    gcTime: 0,
    mutationFn: (personNumber: string) => directory.findCitizen({ personNumber }),
    onSuccess: (citizen) => navigate(pages.patient(citizen.name)),
  });
  const missing = find.isError && problem(find.error).reason === "CITIZEN_NOT_FOUND";

  const submit = (event: FormEvent<HTMLElement>) => {
    event.preventDefault();
    const read = readPersonNumber(typed);
    setFault(read.fault);
    if (read.number) find.mutate(read.number);
    else goToFault(event.currentTarget);
  };
  const change = (next: string) => {
    setTyped(next);
    setFault(undefined);
    if (!find.isIdle) find.reset();
  };

  return (
    <Page title={t("find.title")} narrow>
      <form className={styles.form} onSubmit={submit} noValidate>
        <TextField
          label={t("find.number")}
          hint={t("find.hint")}
          error={fault && t(`find.fault.${fault}`)}
          value={typed}
          onChange={(event) => change(event.target.value)}
          inputMode="numeric"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          maxLength={20}
        />
        <LettersKeyboard onLetter={(letter) => change(typed + letter)} />
        <Button kind="primary" type="submit" busy={find.isPending} wide>
          {t("find.find")}
        </Button>
      </form>
      {missing ? (
        role === "nurse" ? (
          <Register number={find.variables ?? ""} />
        ) : (
          <Notice kind="warn">{t("find.notFound")}</Notice>
        )
      ) : (
        <Failure error={find.error} />
      )}
    </Page>
  );
}

/** Replacement numbers have two letters, which a keyboard of digits has not. */
function LettersKeyboard({ onLetter }: { onLetter: (letter: string) => void }) {
  const { t } = useTranslation("nurse");
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  return (
    <details className={styles.letters}>
      <summary>{t("find.letters")}</summary>
      <div className={styles.keys}>
        {letters.map((letter) => (
          <Button key={letter} onClick={() => onLetter(letter)}>
            {letter}
          </Button>
        ))}
      </div>
    </details>
  );
}
