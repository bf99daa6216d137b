import { randomUUID } from "node:crypto";
import { expect, look, test } from "./fixtures";
import { aCase, citizen, personNumber, photographs, poorPicture, visit, wound } from "./seed";
import type { Site } from "./site";

const SAID = "Granulerende sårbund, ingen tegn på infektion.";

async function answer(site: Site, name: string, callIn = false): Promise<void> {
  const { wounds } = site.as("specialist");
  await wounds.claimAssessment({ name, requestId: randomUUID() });
  await wounds.answerAssessment({
    name,
    answer: { findings: SAID, plan: [{ text: "Aflast hælen", dueDays: 1 }], nextPhotoDays: 7, callIn },
    requestId: randomUUID(),
  });
}

test("an answer is unmistakable, is read, and is then out of the way", async ({ enter, site }) => {
  const { patient, assessment } = await aCase(site);
  const page = await enter("nurse");
  await expect(page.getByText("Afventer svar")).toBeVisible();
  await answer(site, assessment.name, true);
  await expect(page.getByText("Der er svar om Inger Prøvesen")).toBeVisible();
  await expect(page).toHaveTitle(/^\(1 ulæst svar\)/);
  await look(page, "nurse-home-phone");
  await page.getByRole("link", { name: "Åbn svaret" }).click();
  await expect(page).toHaveURL(new RegExp(`/${patient}`));
  await expect(page).toHaveTitle("Borger · Samspil");
  await expect(page.getByText("Borgeren skal indkaldes til hospitalet.").first()).toBeVisible();
  await expect(page.getByText(SAID)).toBeVisible();
  await look(page, "nurse-citizen-phone");
  await page.getByRole("button", { name: "Læst" }).click();
  await expect(page.getByRole("button", { name: "Læst" })).toHaveCount(0);
  await page.getByRole("button", { name: "Tag på jer" }).first().click();
  await expect(page.getByRole("button", { name: "Udført" }).first()).toBeVisible();
  await page.getByRole("link", { name: "Borgere" }).click();
  await expect(page.getByText("Der er svar om Inger Prøvesen")).toHaveCount(0);
  await expect(page).toHaveTitle("Borgere · Samspil");
});

test("what the specialist asks for is answered by words that survive a reload", async ({ enter, site }) => {
  const { patient, assessment } = await aCase(site);
  const specialist = site.as("specialist").wounds;
  await specialist.claimAssessment({ name: assessment.name, requestId: randomUUID() });
  const asked = { name: assessment.name, question: "Hvad er tåtrykket?", requestId: randomUUID() };
  await specialist.askForMore(asked);
  const page = await enter("nurse", `/${patient}`);
  await expect(page.getByText(asked.question)).toBeVisible();
  const words = page.getByLabel("Eller svar med ord");
  await words.fill("Tåtryk 35 mmHg");
  await expect
    .poll(() =>
      page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            const opening = indexedDB.open("samspil");
            opening.onsuccess = () => {
              const all = opening.result.transaction("sealed").objectStore("sealed").getAllKeys();
              all.onsuccess = () => {
                opening.result.close();
                resolve(all.result.filter((key) => (key as string[])[1] === "form").length);
              };
            };
          }),
      ),
    )
    .toBe(1);
  await page.reload();
  await expect(words).toHaveValue("Tåtryk 35 mmHg");
  await page.getByRole("button", { name: "Send svar" }).click();
  await expect(words).toHaveCount(0);
  const after = await specialist.getAssessment({ name: assessment.name });
  expect(after.moreRequests.map(({ reply }) => reply)).toEqual(["Tåtryk 35 mmHg"]);
});

test("a citizen is found by number, registered, and has a wound, without the number staying anywhere", async ({
  enter,
  site,
}) => {
  const page = await enter("nurse", "/find");
  const number = page.getByLabel("Personnummer");
  const find = page.getByRole("button", { name: "Find", exact: true });
  await number.fill("310245-1234");
  await find.click();
  await expect(page.getByText("De første seks cifre er ikke en dato.")).toBeVisible();
  const typed = personNumber();
  await number.fill(`${typed.slice(0, 6)}-${typed.slice(6)}`);
  await find.click();
  await expect(page.getByRole("heading", { name: "Registrér borger" })).toBeVisible();
  await look(page, "nurse-register-phone");
  await page.getByLabel("Borgerens navn").fill("Ny Prøvesen");
  await page.getByRole("button", { name: "Registrér", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Ny Prøvesen" })).toBeVisible();
  const kept = await page.evaluate(() => JSON.stringify([location.href, localStorage, sessionStorage]));
  expect(kept).not.toContain(typed.slice(6));

  // The wound is begun first; the consent comes in between, and nothing of it is lost.
  const patient = new URL(page.url()).pathname;
  await page.goto(`${patient}/new-wound`);
  await page.getByRole("button", { name: "Fod, venstre" }).click();
  await page.getByRole("radio", { name: "Storetå" }).check();
  await page.getByLabel("Type").selectOption({ label: "Diabetisk fodsår" });
  await look(page, "nurse-new-wound-phone");
  await page.getByRole("link", { name: "Registrér samtykke" }).click();
  await page.getByLabel(/Regionshospitalet Horsens/).check();
  await page.getByLabel("Hvor ligger det underskrevne samtykke?").fill("sag 26/0042");
  await page.getByRole("button", { name: "Registrér", exact: true }).click();
  await expect(page.getByRole("radio", { name: "Storetå" })).toBeChecked();
  await page.getByRole("button", { name: "Opret såret" }).click();
  await expect(page.getByRole("heading", { name: "Diabetisk fodsår · Storetå, venstre" })).toBeVisible();
  const { wounds } = await site.as("nurse").wounds.listWounds({ parent: patient.slice(1) });
  expect(wounds.map(({ bodySite }) => bodySite?.code)).toEqual(["78883009"]);
});

test("the figure is pressed by keyboard as well", async ({ enter, site }) => {
  const patient = await citizen(site);
  const page = await enter("nurse", `/${patient}/new-wound`, { viewport: { width: 1440, height: 900 } });
  await page.getByRole("button", { name: "Bagfra" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Sæde og korsben" }).focus();
  await page.keyboard.press("Space");
  await page.getByRole("radio", { name: "Korsben (sacrum)" }).check();
  await page.getByRole("button", { name: "Opret såret" }).click();
  await expect(page.getByText("Vælg sårets type.")).toBeVisible();
  await look(page, "nurse-new-wound-desktop");
});

test("what is known stays while the server is away, and says from when it is", async ({ enter, site }) => {
  const { patient } = await aCase(site);
  const page = await enter("nurse");
  await expect(page.getByText("Afventer svar").first()).toBeVisible();
  // The pages themselves are there without a server once they were shown, or once the service worker has them.
  await page.locator(`a[href="/${patient}"]`).click();
  await expect(page.getByText("Heler såret, som det skal?")).toBeVisible();
  await page.getByRole("link", { name: "Borgere" }).click();
  await site.kill();
  await expect(page.getByText(/Serveren kan ikke nås. Du ser det, som det var kl\./)).toBeVisible({
    timeout: 60_000,
  });
  await page.locator(`a[href="/${patient}"]`).click();
  await expect(page.getByText("Heler såret, som det skal?")).toBeVisible();
  await expect(page.getByText("Sidste besøg:")).toBeVisible();
  await site.start();
  await expect(page.getByText(/Serveren kan ikke nås/)).toHaveCount(0, { timeout: 60_000 });
});

test("a consent that is withdrawn empties the screen and what was taken along", async ({ enter, site }) => {
  const patient = await citizen(site, "Karla Fortryd");
  await wound(site, patient);
  const page = await enter("nurse", `/${patient}`);
  await expect(page.getByRole("heading", { name: /Tryksår/ })).toBeVisible();
  const { directory } = site.as("nurse");
  const { consents } = await directory.listConsents({ parent: patient });
  for (const { name } of consents) await directory.withdrawConsent({ name, requestId: randomUUID() });
  await expect(page.getByText(/intet samtykke, som dækker/)).toBeVisible({ timeout: 45_000 });
  await expect(page.getByRole("heading", { name: /Tryksår/ })).toHaveCount(0);
  await page.getByRole("link", { name: "Borgere" }).click();
  await expect(page.getByLabel("Søg i listen")).toBeVisible();
  await expect(page.getByText("Karla Fortryd")).toHaveCount(0);
});

test("what the last photo lacked is said to those who take the next one", async ({ enter, site }) => {
  const patient = await citizen(site);
  const { name } = await wound(site, patient);
  await visit(site, name, { photos: [poorPicture(), photographs()[0] ?? poorPicture()] });
  const page = await enter("nurse", `/${patient}`);
  await expect(page.getByText("Om billederne ved sidste besøg:")).toBeVisible();
  const { visits } = await site.as("nurse").wounds.listVisits({ parent: name, pageSize: 1 });
  const advice = visits[0]?.photos.flatMap(({ quality }) => quality?.warnings ?? []) ?? [];
  expect(advice.map(({ code }) => code)).toContain("TOO_SMALL");
  for (const { adviceDa } of advice) await expect(page.getByText(adviceDa)).toHaveCount(1);
  await look(page, "nurse-next-time");
});

test("the general practice reads along and records no wounds", async ({ enter, site }) => {
  const { patient } = await aCase(site);
  const page = await enter("gp", `/${patient}`);
  await expect(page.getByRole("heading", { name: "Inger Prøvesen" })).toBeVisible();
  await expect(page.getByText("Samtykke", { exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "Nyt besøg" })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Nyt sår" })).toHaveCount(0);
  await look(page, "gp-citizen");
});

test("the list stays readable at twice the size of letters, in the dark", async ({ enter, site }) => {
  await aCase(site);
  const page = await enter("nurse", "/home", { colorScheme: "dark" });
  await expect(page.getByText("Afventer svar").first()).toBeVisible();
  await page.evaluate(() => {
    document.documentElement.style.fontSize = "200%";
  });
  // A phone's window grows with what sticks out of it, so the screen is what counts.
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= screen.width)).toBe(true);
  await look(page, "nurse-home-large-dark");
});
