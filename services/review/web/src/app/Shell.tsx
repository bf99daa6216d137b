import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Link, NavLink, Outlet, useLocation } from "react-router";
import { pages } from "../api/names";
import { Unsent } from "../nurse/outbox/Unsent";
import { type Person, type Role, useSession } from "../session/session";
import { Waiting } from "../ui/Waiting";
import { Account } from "./Account";
import { Broken } from "./Broken";
import { Expired } from "./Expired";
import { LiveMark } from "./LiveMark";
import { NewVersion } from "./NewVersion";
import { queryClient } from "./query";
import styles from "./Shell.module.css";
import { SignIn } from "./SignIn";
import { Unlocked } from "./Unlocked";
import { useArrival } from "./useArrival";

/** Answers find a nurse on every page. */
const Following = lazy(() => import("../nurse/follow/Following"));

/** What each role finds in the header. */
const places: Record<
  Role,
  { to: string; text: "nav.queue" | "nav.home" | "nav.find" | "nav.outbox" | "nav.record" }[]
> = {
  specialist: [{ to: pages.queue, text: "nav.queue" }],
  nurse: [
    { to: pages.home, text: "nav.home" },
    { to: pages.find, text: "nav.find" },
    { to: pages.outbox, text: "nav.outbox" },
  ],
  gp: [
    { to: pages.home, text: "nav.home" },
    { to: pages.find, text: "nav.find" },
  ],
  coordinator: [{ to: pages.home, text: "nav.home" }],
  administrator: [],
  citizen: [{ to: pages.record, text: "nav.record" }],
  data_protection_officer: [],
};

/** The frame around every page, and the door before it. */
export function Shell() {
  const now = useSession();
  if (now.state !== "signedIn") return <SignIn />;
  return (
    <QueryClientProvider client={queryClient}>
      <Frame person={now.person} expired={now.expired} />
    </QueryClientProvider>
  );
}

function Frame({ person, expired }: { person: Person; expired: boolean }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  useArrival();
  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        {t("skip")}
      </a>
      <header className={styles.header}>
        <Link className={styles.brand} to="/">
          <img src="/icon.svg" alt="" width="28" height="28" />
          Samspil
        </Link>
        <nav className={styles.nav} aria-label={t("nav.label")}>
          {(places[person.role] ?? []).map(({ to, text }) => (
            <NavLink key={to} to={to}>
              {t(text)}
              {to === pages.outbox && <Unsent />}
            </NavLink>
          ))}
        </nav>
        <LiveMark />
        <Account person={person} />
      </header>
      <main className={styles.main} id="main" tabIndex={-1}>
        <Expired open={expired} />
        <NewVersion />
        <Unlocked person={person}>
          {person.role === "nurse" && (
            <Suspense fallback={null}>
              <Following />
            </Suspense>
          )}
          <Broken page={pathname}>
            <Suspense fallback={<Waiting />}>
              <Outlet />
            </Suspense>
          </Broken>
        </Unlocked>
      </main>
    </div>
  );
}
