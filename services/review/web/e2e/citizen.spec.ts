/** A citizen's own page: who has looked at her. */
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Page } from "@playwright/test";
import { ErrorInfoSchema } from "../src/gen/google/rpc/error_details_pb";
import { expect, look, phone, signIn, test } from "./fixtures";
import { aCase, citizen, wound } from "./seed";
import { Site } from "./site";

const REASON = "Fundet bevidstløs hjemme, sårambulatoriet var lukket";
const AUDIT = "**/samspil.audit.v1.AuditService/ListAuditEvents";

/** A registration and a consent stand on where she lives: one item, and another than what comes after them. */
const BY_THE_NURSE = ["Anna Nørgaard"];
/** Her emergency, her refusal, the specialist, and the nurse by consent and before there was one; the newest first. */
const BY_THREE = ["Jens Krog", "Jens Krog", "Søren Holm", "Anna Nørgaard", ...BY_THE_NURSE];

const looks = (page: Page) => page.getByRole("main").locator("ol > li");
const names = (page: Page) => page.getByRole("main").locator("ol h3");

/** A nurse of another municipality who has no business with a citizen. */
async function breakGlass(site: Site, parent: string, reason = REASON): Promise<void> {
  await site.as("outsider").directory.breakGlass({ parent, reason, requestId: crypto.randomUUID() });
}

/** Passes when a call is refused to somebody who has no business with the citizen. */
async function isRefused(call: Promise<unknown>): Promise<void> {
  const error = ConnectError.from(await call.then(() => undefined).catch((error: unknown) => error));
  expect([error.code, error.findDetails(ErrorInfoSchema)[0]?.reason]).toEqual([
    Code.PermissionDenied,
    "NO_RELATION",
  ]);
}

/** A citizen whose wound two have read who may, and one who may not and then broke the glass. */
async function seenByThree(site: Site) {
  const { patient, wound } = await aCase(site);
  await site.as("specialist").wounds.getWound({ name: wound });
  await isRefused(site.as("outsider").wounds.getWound({ name: wound }));
  await breakGlass(site, patient);
  await site.as("outsider").wounds.getWound({ name: wound });
  await site.as("outsider").wounds.getWound({ name: wound });
  return { patient, wound };
}

test("a citizen sees who has looked at her, why, and who was refused, and nobody else's", async ({
  site,
  enter,
}) => {
  const { patient } = await seenByThree(site);
  const other = await citizen(site, "Bodil Prøvesen");
  await site.as("gp").directory.getCitizen({ name: other });
  const page = await enter({ citizen: patient });
  await expect(page).toHaveURL(/\/record$/);
  await expect(page.getByText("Det er hele listen.")).toBeVisible();

  // The newest first. Karen Dahl looked at somebody else.
  expect(await names(page).allTextContents()).toEqual(BY_THREE);
  const [emergency, no, specialist, nurse] = await looks(page).all();
  if (!emergency || !no || !specialist || !nurse) throw new Error("there are too few looks");
  await expect(emergency).toContainText("Nødadgang");
  await expect(emergency).toContainText(REASON);
  await expect(emergency.getByRole("listitem")).toHaveText([
    "Så et af dine sår (2 gange)",
    "Åbnede dine oplysninger i en nødsituation",
  ]);
  await expect(no).toContainText("Fik nej");
  await expect(no).toContainText("Forsøgt, men ikke sket");
  await expect(no).toContainText("intet blev vist");
  await expect(no).not.toContainText("Nødadgang");
  await expect(specialist).toContainText("Sårspecialist · Regionshospitalet Horsens, Sårambulatoriet");
  await expect(specialist.getByRole("listitem")).toHaveText(["Så et af dine sår"]);
  await expect(specialist).toContainText("Du har givet samtykke.");
  await expect(nurse).toContainText("Bad en specialist om at vurdere et sår");
  await expect(looks(page).last()).toContainText("Oprettede dig i Samspil");
  await expect(page.getByRole("heading", { name: "Ser noget forkert ud?" })).toBeVisible();
  await look(page, "citizen");

  // What she may not see, her token may not either.
  const own = site.as({ citizen: patient });
  await isRefused(own.audit.listAuditEvents({ parent: other, source: "directory" }));
  const theirs = await enter({ citizen: other });
  await expect(theirs.getByText("Det er hele listen.")).toBeVisible();
  // That somebody tried is told to whom it was tried with.
  expect(await names(theirs).allTextContents()).toEqual(["Borger", "Karen Dahl", ...BY_THE_NURSE]);
  await expect(looks(theirs).first()).toContainText("Fik nej");
});

test("she finds the emergencies, the refusals, one organisation, and herself, by keyboard alone", async ({
  site,
  enter,
}) => {
  const { patient } = await seenByThree(site);
  const page = await enter({ citizen: patient }, "/", { viewport: { width: 1024, height: 900 } });
  await expect(page.getByText("Det er hele listen.")).toBeVisible();
  // What she has just read, she finds when she reads again.
  await page.getByRole("button", { name: "Hent igen" }).click();
  await expect(page.getByText("Det er hele listen.")).toBeVisible();
  await page.keyboard.press("Tab");
  const reach = async (label: string) => {
    for (let n = 0; n < 20; n++) {
      const focused = await page.evaluate(
        () => (document.activeElement as HTMLSelectElement | null)?.labels?.[0]?.textContent,
      );
      if (focused === label) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`the keyboard does not get to ${label}`);
  };
  await reach("Vis");
  await page.keyboard.press("ArrowDown");
  await expect(names(page)).toHaveText(["Jens Krog"]);
  await expect(looks(page).first()).toContainText(REASON);
  await page.keyboard.press("ArrowDown");
  await expect(names(page)).toHaveText(["Jens Krog"]);
  await expect(looks(page).first()).toContainText("Fik nej");
  await page.keyboard.press("ArrowDown");
  await expect(names(page).first()).toHaveText("Dig selv");
  await expect(looks(page).first()).toContainText("Så, hvem der har set dine oplysninger (5 gange)");
  await page.keyboard.press("Home");
  await expect(names(page)).toHaveText(BY_THREE);
  await page.getByLabel("Hvem").selectOption({ label: "Regionshospitalet Horsens, Sårambulatoriet" });
  await expect(names(page)).toHaveText(["Søren Holm"]);
  expect(new URL(page.url()).search).toBe("");
});

test("a long list comes page by page, whole and once", async ({ site, enter }) => {
  const patient = await citizen(site);
  const { name } = await wound(site, patient);
  for (let n = 0; n < 130; n++) await site.as("nurse").wounds.getWound({ name });
  for (let n = 1; n <= 25; n++) await breakGlass(site, patient, `Nødsituation nummer ${n}`);
  const page = await enter({ citizen: patient }, "/", phone);
  const more = page.getByRole("button", { name: "Vis ældre" });
  await expect(more).toBeVisible();
  await expect(page.getByText("Oprettede dig i Samspil")).toHaveCount(0);
  await more.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("Det er hele listen.")).toBeVisible();
  await expect(page.getByText("Så et af dine sår (130 gange)")).toHaveCount(1);
  await expect(page.getByText("Oprettede dig i Samspil")).toHaveCount(1);
  for (const n of [1, 13, 25])
    await expect(page.getByText(`Nødsituation nummer ${n}`, { exact: true })).toHaveCount(1);
});

test("the tool is for those who treat, and her page is hers alone", async ({ site, enter }) => {
  const { patient, wound } = await aCase(site);
  const page = await enter({ citizen: patient });
  await expect(page.getByRole("navigation").getByRole("link")).toHaveText(["Hvem har set mig"]);
  for (const path of ["/queue", "/home", "/find", `/${patient}`, `/${wound}`, `/${wound}/visit`]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: "Siden findes ikke" }), path).toBeVisible();
  }
  await page.getByRole("button", { name: /^Borger/ }).click();
  await page.getByRole("menuitem", { name: "Log ud" }).click();
  await expect(page.getByRole("button", { name: "Log ind", exact: true })).toBeVisible();
  for (const who of ["nurse", "specialist"] as const) {
    const theirs = await enter(who, "/record");
    await expect(theirs.getByRole("heading", { name: "Siden findes ikke" })).toBeVisible();
    await expect(theirs.getByRole("link", { name: "Hvem har set mig" })).toHaveCount(0);
  }
});

test("it is readable on a phone, in the light and in the dark", async ({ site, enter }) => {
  const { patient } = await seenByThree(site);
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await enter({ citizen: patient }, "/", { ...phone, colorScheme });
    await expect(page.getByText("Det er hele listen.")).toBeVisible();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(wide).toBeLessThanOrEqual(0);
    await look(page, `citizen-phone-${colorScheme}`);
    await page.getByRole("heading", { name: "Ser noget forkert ud?" }).scrollIntoViewIfNeeded();
    await look(page, `citizen-phone-${colorScheme}-end`);
  }
});

test("nobody at all is said in words", async ({ enter }) => {
  const page = await enter({ citizen: `patients/${crypto.randomUUID()}` });
  await expect(page.getByText("Ingen har set eller ændret dine oplysninger.")).toBeVisible();
  await look(page, "citizen-nobody");
});

test("a list that is slow holds the others up for a moment only", async ({ site, enter }) => {
  const { patient } = await seenByThree(site);
  const page = await enter({ citizen: patient }, "/about");
  let answer = () => {};
  const slow = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route(AUDIT, async (route) => {
    if (route.request().postDataBuffer()?.includes("wound")) await slow;
    await route.continue();
  });
  await page.getByRole("link", { name: "Hvem har set mig" }).click();
  await expect(page.getByText("Der hentes stadig: sår og billeder.")).toBeVisible();
  await expect(names(page)).toHaveText(["Jens Krog", ...BY_THE_NURSE]);
  answer();
  await expect(page.getByText("Det er hele listen.")).toBeVisible();
  await expect(names(page)).toHaveText(BY_THREE);
});

test("without a network it says so once, and goes on when there is one", async ({ site, enter }) => {
  const { patient } = await seenByThree(site);
  const page = await enter({ citizen: patient });
  await expect(page.getByText("Det er hele listen.")).toBeVisible();
  await page.context().setOffline(true);
  await page.getByRole("button", { name: "Hent igen" }).click();
  await expect(page.getByRole("alert")).toHaveCount(1);
  await expect(page.getByRole("alert")).toContainText("Serveren kan ikke nås");
  await expect(page.getByText("Ingen har set", { exact: false })).toHaveCount(0);
  await page.context().setOffline(false);
  await page.getByRole("button", { name: "Prøv igen" }).click();
  await expect(names(page)).toHaveText(BY_THREE);
});

test("a sign-in that has run out is asked for again", async ({ site, enter }) => {
  const { patient } = await seenByThree(site);
  const page = await enter({ citizen: patient });
  await expect(page.getByText("Det er hele listen.")).toBeVisible();
  await page.evaluate(() => {
    const key = Object.keys(localStorage).find((key) => key.startsWith("samspil.user:")) ?? "";
    const user = JSON.parse(localStorage.getItem(key) ?? "{}");
    localStorage.setItem(key, JSON.stringify({ ...user, expires_at: 1, refresh_token: "spoilt" }));
  });
  await page.getByRole("button", { name: "Hent igen" }).click();
  await expect(page.getByText("Din log ind er udløbet.", { exact: false })).toBeVisible();
  await expect(page.getByRole("alert")).toHaveCount(0);
  await page.getByRole("button", { name: "Log ind igen" }).click();
  await page.getByLabel(/^Borgerens id/).fill(patient);
  await page.getByRole("button", { name: /^Borger/ }).click();
  await expect(page.getByText("Det er hele listen.")).toBeVisible();
});

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** `wound` in a process of its own, the others in another that browsers call. */
const apart = test.extend<{ listen: string; others: Site; alone: Site }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are needed from the pattern
  listen: async ({}, use) => use(`127.0.0.1:${await freePort()}`),
  others: async ({ listen }, use) => {
    const services = ["directory", "referral", "careplan", "review"];
    const others = new Site({}, `[peers]\nwound = "http://${listen}"\n`, { services });
    await others.start();
    await use(others);
    await others.close();
  },
  alone: async ({ listen, others }, use) => {
    const key = (name: string) => JSON.stringify(join(others.folder, "data", name));
    const peers = ["directory", "referral", "careplan", "review"].map((name) => `${name} = "${others.url}"`);
    const config = [
      `service_key = ${key("issuer.key")}`,
      `master_key = ${key("master.key")}`,
      `audit_key = ${key("audit.key")}`,
      "[peers]",
      ...peers,
    ].join("\n");
    const alone = new Site({}, config, { services: ["wound"], listen });
    await alone.start();
    await use(alone);
    await alone.close();
  },
});

apart(
  "what a service that is away would tell is said to be missing until it is back",
  async ({ others, alone, browser }) => {
    const patient = await citizen(others);
    await alone.as("nurse").wounds.listWounds({ parent: patient });
    await alone.kill();
    const context = await browser.newContext({ baseURL: others.url });
    const page = await context.newPage();
    await page.goto("/");
    await signIn(page, { citizen: patient });
    await expect(page.getByText("Listen er ikke hel. Der mangler: sår og billeder.")).toBeVisible();
    await expect(page.getByText("Oprettede dig i Samspil")).toBeVisible();
    await expect(page.getByText("Så listen over dine sår")).toHaveCount(0);
    await expect(page.getByText("Det er hele listen.")).toHaveCount(0);
    await look(page, "citizen-missing");
    await alone.start();
    await page.getByRole("button", { name: "Prøv igen" }).click();
    await expect(page.getByText("Så listen over dine sår")).toBeVisible();
    await expect(page.getByText("Det er hele listen.")).toBeVisible();
    await context.close();
  },
);
