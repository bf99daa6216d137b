/** Which address shows what. Each area is loaded when somebody first goes there. */
import { type ComponentType, lazy } from "react";
import { BrowserRouter, Navigate, Route, Routes } from "react-router";
import { pages } from "../api/names";
import { type Role, usePerson, useSession } from "../session/session";
import { Broken } from "./Broken";
import { Shell } from "./Shell";
import { SignedIn } from "./SignedIn";

/** Where each role begins. */
const home: Record<Role, string> = {
  specialist: "/queue",
  nurse: "/home",
  gp: "/home",
  coordinator: "/home",
  administrator: "/about",
  citizen: pages.record,
  data_protection_officer: "/about",
};

function Beginning() {
  return <Navigate to={home[usePerson().role] ?? "/about"} replace />;
}

const page = (load: () => Promise<{ Component: ComponentType }>) =>
  lazy(async () => ({ default: (await load()).Component }));

type Areas = Record<string, ComponentType>;

const everybodys: Areas = {
  "/": Beginning,
  about: page(() => import("./AboutPage")),
  "*": page(() => import("./NotFoundPage")),
};

/** A citizen's own page, and nothing of the tool for those who treat her. */
const citizens: Areas = {
  ...everybodys,
  record: page(() => import("../citizen/RecordPage")),
};

const professionals: Areas = {
  ...everybodys,
  queue: page(() => import("../specialist/queue/QueuePage")),
  "patients/:patient/wounds/:wound": page(() => import("../specialist/case/CasePage")),
  "patients/:patient/wounds/:wound/story": page(() => import("../specialist/story/StoryPage")),
  "patients/:patient/wounds/:wound/print": page(() => import("../specialist/print/PrintPage")),
  home: page(() => import("../nurse/home/HomePage")),
  find: page(() => import("../nurse/find/FindPage")),
  outbox: page(() => import("../nurse/outbox/OutboxPage")),
  "patients/:patient": page(() => import("../nurse/patient/PatientPage")),
  "patients/:patient/new-wound": page(() => import("../nurse/wound/NewWoundPage")),
  "patients/:patient/wounds/:wound/visit": page(() => import("../nurse/visit/VisitPage")),
};

/** Every page, within the frame that all share but the one that ends a sign-in. */
export function Pages() {
  const now = useSession();
  const isCitizen = now.state === "signedIn" && now.person.role === "citizen";
  return (
    <Broken page="">
      <BrowserRouter>
        <Routes>
          <Route path="/signed-in" element={<SignedIn />} />
          <Route path="/" element={<Shell />}>
            {Object.entries(isCitizen ? citizens : professionals).map(([path, Area]) => (
              <Route key={path} path={path} element={<Area />} />
            ))}
          </Route>
        </Routes>
      </BrowserRouter>
    </Broken>
  );
}
