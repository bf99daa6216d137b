/** Which address shows what. Each area is loaded when somebody first goes there. */
import { type ComponentType, lazy } from "react";
import { BrowserRouter, Navigate, Route, Routes } from "react-router";
import { type Role, usePerson } from "../session/session";
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
  citizen: "/about",
  data_protection_officer: "/about",
};

function Beginning() {
  return <Navigate to={home[usePerson().role] ?? "/about"} replace />;
}

const page = (load: () => Promise<{ Component: ComponentType }>) =>
  lazy(async () => ({ default: (await load()).Component }));

const areas: Record<string, ComponentType> = {
  "/": Beginning,
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
  about: page(() => import("./AboutPage")),
  "*": page(() => import("./NotFoundPage")),
};

/** Every page, within the frame that all share but the one that ends a sign-in. */
export function Pages() {
  return (
    <Broken page="">
      <BrowserRouter>
        <Routes>
          <Route path="/signed-in" element={<SignedIn />} />
          <Route path="/" element={<Shell />}>
            {Object.entries(areas).map(([path, Area]) => (
              <Route key={path} path={path} element={<Area />} />
            ))}
          </Route>
        </Routes>
      </BrowserRouter>
    </Broken>
  );
}
