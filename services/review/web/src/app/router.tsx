/** Which address shows what. Each area is loaded when somebody first goes there. */
import { createBrowserRouter, Navigate, type RouteObject } from "react-router";
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
};

function Beginning() {
  return <Navigate to={home[usePerson().role] ?? "/about"} replace />;
}

const areas: RouteObject[] = [
  { index: true, element: <Beginning /> },
  { path: "queue", lazy: () => import("../specialist/queue/QueuePage") },
  { path: "patients/:patient/wounds/:wound", lazy: () => import("../specialist/case/CasePage") },
  { path: "patients/:patient/wounds/:wound/story", lazy: () => import("../specialist/story/StoryPage") },
  { path: "patients/:patient/wounds/:wound/print", lazy: () => import("../specialist/print/PrintPage") },
  { path: "home", lazy: () => import("../nurse/home/HomePage") },
  { path: "find", lazy: () => import("../nurse/find/FindPage") },
  { path: "outbox", lazy: () => import("../nurse/outbox/OutboxPage") },
  { path: "patients/:patient", lazy: () => import("../nurse/patient/PatientPage") },
  { path: "patients/:patient/new-wound", lazy: () => import("../nurse/wound/NewWoundPage") },
  { path: "patients/:patient/wounds/:wound/visit", lazy: () => import("../nurse/visit/VisitPage") },
  { path: "about", lazy: () => import("./AboutPage") },
  { path: "*", lazy: () => import("./NotFoundPage") },
];

export const router = createBrowserRouter([
  { path: "/signed-in", element: <SignedIn />, errorElement: <Broken /> },
  { path: "/", element: <Shell />, errorElement: <Broken />, children: areas },
]);
