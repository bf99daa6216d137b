import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Page } from "../app/Page";
import { day } from "../i18n/format";
import { usePerson } from "../session/session";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Notice";
import { Waiting } from "../ui/Waiting";
import { Filters } from "./Filters";
import { LookItem } from "./LookItem";
import { daysOf, everybody, type Filter, matches } from "./looks";
import { Missing } from "./Missing";
import styles from "./Record.module.css";
import { merged, type Part } from "./trail";
import { useTrail } from "./useTrail";

/** So many looks at first, and so many more each time. */
const STEP = 20;

/** A citizen's own page: who has looked at her. */
export function Component() {
  const [attempt, setAttempt] = useState(0);
  const [filter, setFilter] = useState<Filter>({ kind: "all", who: "" });
  const again = () => setAttempt(attempt + 1);
  return <Record key={attempt} filter={filter} onFilter={setFilter} onAgain={again} />;
}

interface RecordProps {
  filter: Filter;
  onFilter: (filter: Filter) => void;
  onAgain: () => void;
}

/** What is read once, with what is read on. */
function Record({ filter, onFilter, onAgain }: RecordProps) {
  const { t } = useTranslation("citizen");
  const { id: me, patient = "" } = usePerson();
  const [wanted, setWanted] = useState(STEP);
  const { trail, parts } = useTrail(patient);
  useEffect(() => {
    void trail.more((shown) => countOf(shown.filter((one) => matches(filter, one, me))) >= wanted);
  }, [trail, filter, wanted, me]);

  const all = merged(parts);
  const shown = all.filter((one) => matches(filter, one, me));
  const days = daysOf(shown);
  const busy = parts.some(({ state }) => state === "asked");
  return (
    <Page title={t("title")}>
      <p>{t("lead")}</p>
      <Missing parts={parts} onRetry={() => void trail.retry()} />
      <div className={styles.tools}>
        <Filters filter={filter} people={everybody(all, me)} onChange={onFilter} />
        <Button onClick={onAgain}>{t("refresh")}</Button>
      </div>
      {days.map(({ day, looks }) => (
        <section key={day} aria-label={day} className={styles.section}>
          <h2>{day}</h2>
          <ol className={styles.list}>
            {looks.map((look) => (
              <LookItem
                key={look.events[0].source + look.events[0].id}
                look={look}
                own={filter.kind === "mine"}
              />
            ))}
          </ol>
        </section>
      ))}
      {busy && <Waiting />}
      {!busy && shown.length === 0 && <Nothing parts={parts} filter={filter} />}
      {!busy && parts.some(({ state }) => state === "open") && (
        <div className={styles.more}>
          <Button onClick={() => setWanted(Math.max(wanted, countOf(shown)) + STEP)}>{t("more")}</Button>
          <p className={styles.quiet}>{t("until", { day: day(all.at(-1)?.time) })}</p>
        </div>
      )}
      {parts.every(({ state }) => state === "ended") && shown.length > 0 && (
        <p className={styles.quiet}>{t("end")}</p>
      )}
      <section aria-labelledby="wrong" className={styles.section}>
        <h2 id="wrong">{t("wrong.title")}</h2>
        <p>{t("wrong.contact")}</p>
        <p>{t("wrong.block")}</p>
        <p>{t("wrong.complain")}</p>
      </section>
    </Page>
  );
}

const countOf = (events: Parameters<typeof daysOf>[0]) =>
  daysOf(events).reduce((sum, { looks }) => sum + looks.length, 0);

/** Says of an empty list what it may be taken for: only the whole one is silence. */
function Nothing({ parts, filter }: { parts: readonly Part[]; filter: Filter }) {
  const { t } = useTranslation("citizen");
  if (parts.every(({ state }) => state === "failed")) return null;
  const whole = parts.every(({ state }) => state === "ended");
  const everything = filter.kind === "all" && filter.who === "";
  if (!whole && !parts.some(({ state }) => state === "open"))
    return <Notice kind="info">{t("noneKnown")}</Notice>;
  return <Notice kind="info">{t(whole && everything ? "none" : "noneOfThese")}</Notice>;
}
