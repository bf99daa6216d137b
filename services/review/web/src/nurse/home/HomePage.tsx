import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { pages } from "../../api/names";
import { Page } from "../../app/Page";
import { usePerson } from "../../session/session";
import { ButtonLink } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Waiting } from "../../ui/Waiting";
import { AsOf } from "../follow/AsOf";
import { useAlong } from "../follow/along";
import { woundText } from "../follow/person";
import { type Household, households, matches, unreadCount } from "../follow/tasks";
import { useHospitalList } from "../visit/hospitals";
import { AskToNotify } from "./AskToNotify";
import styles from "./Home.module.css";
import { HouseholdCard } from "./HouseholdCard";

/** Kept while the page is open, so that coming back shows the same list. Never in the address: it may be a name. */
let lastWords = "";

/** Everybody whom the own organisation treats, and what needs doing first. */
export function Component() {
  const { t } = useTranslation(["nurse", "app"]);
  const { role, organisation } = usePerson();
  const along = useAlong();
  // Whom a visit may ask has to be known where there is no network too.
  useHospitalList();
  const [words, setWords] = useState(lastWords);
  const all = useMemo(
    () => households(along.caseload, `organisations/${organisation}`),
    [along.caseload, organisation],
  );
  const shown = all.filter((one) => matches(one, saidOf(one), words));
  const unread = unreadCount(all);
  const title = t("home.title");
  const search = (next: string) => {
    lastWords = next;
    setWords(next);
  };
  return (
    <Page title={unread > 0 ? t("home.titleUnread", { count: unread }) : title} heading={title}>
      <AsOf along={along} />
      {along.known ? (
        <>
          <div className={styles.tools}>
            <TextField
              label={t("home.search")}
              type="search"
              autoComplete="off"
              value={words}
              onChange={(event) => search(event.target.value)}
            />
            {role !== "coordinator" && <ButtonLink to={pages.find}>{t("home.find")}</ButtonLink>}
          </div>
          <List title={t("home.pressing")} households={shown.filter((one) => one.pressing)} />
          <List title={t("home.others")} households={shown.filter((one) => !one.pressing)} />
          {shown.length === 0 && <p role="status">{t(all.length === 0 ? "home.nobody" : "home.noMatch")}</p>}
          <AskToNotify />
        </>
      ) : (
        !along.error && <Waiting />
      )}
    </Page>
  );
}

function List({ title, households: some }: { title: string; households: Household[] }) {
  if (some.length === 0) return null;
  return (
    <section aria-label={title} className={styles.section}>
      <h2>
        {title} <span className={styles.count}>{some.length}</span>
      </h2>
      <ul className={styles.list}>
        {some.map((one) => (
          <HouseholdCard key={one.patient} household={one} />
        ))}
      </ul>
    </section>
  );
}

const saidOf = (household: Household) =>
  household.wounds.map(({ wound }) => `${woundText(wound)} ${wound.label}`).join(" ");
