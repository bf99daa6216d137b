import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Person } from "../session/session";
import { Button } from "../ui/Button";

/** Menus are no part of the first view: they come when somebody first wants one. */
const AccountMenu = lazy(() => import("./AccountMenu"));

/** Who is signed in, and the way to what they can set for themselves. */
export function Account({ person }: { person: Person }) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState(false);
  const look = {
    small: true,
    kind: "quiet",
    "aria-label": t("account.label", { name: person.name }),
  } as const;
  const closed = (
    <Button {...look} aria-haspopup="menu" onClick={() => setWanted(true)}>
      {person.name}
    </Button>
  );
  if (!wanted) return closed;
  return (
    <Suspense fallback={closed}>
      <AccountMenu trigger={<Button {...look}>{person.name}</Button>} />
    </Suspense>
  );
}
