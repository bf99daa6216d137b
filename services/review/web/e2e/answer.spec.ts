import type { Page } from "@playwright/test";
import { expect, look, test } from "./fixtures";
import { aCase } from "./seed";
import type { Site } from "./site";

/** A case of one's own, with the form open. */
async function writing(page: Page, assessment: string): Promise<void> {
  const [, patient, , wound, , id] = assessment.split("/");
  await page.goto(`/patients/${patient}/wounds/${wound}?assessment=${id}`);
  await page.getByRole("button", { name: "Tag sagen" }).click();
  await expect(page.getByRole("form", { name: "Skriv svar" })).toBeVisible();
}

const findings = (page: Page) => page.getByRole("textbox", { name: "Fund" });
const answers = async (site: Site, name: string) =>
  (await site.as("nurse").wounds.getAssessment({ name })).answers;

test("an answer is written and signed by keys, then amended with its old version kept", async ({
  site,
  enter,
}) => {
  const { assessment } = await aCase(site);
  const page = await enter("specialist");
  await writing(page, assessment.name);
  await page.getByRole("combobox", { name: "Diagnose" }).fill("tryk 3");
  await page.getByRole("option", { name: /kategori 3/ }).waitFor();
  await page.keyboard.press("Enter");
  await findings(page).fill("Rent sår.");
  await page.getByRole("button", { name: "Tilføj linje" }).click();
  await page.keyboard.type("Aflast");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Skift bandage");
  await page.keyboard.press("Alt+ArrowUp");
  await expect(page.getByText("Kladde gemt")).toBeVisible();
  await look(page, "answer-form");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("dialog", { name: "Underskriv svaret?" })).toBeVisible();
  await look(page, "answer-last-look");
  await page.keyboard.press("Enter");
  await expect(page.getByText(/^Underskrevet af Søren Holm/)).toBeVisible();
  const [signed] = await answers(site, assessment.name);
  expect(signed?.diagnosis?.code).toBe("421927004");
  expect(signed?.plan.map((line) => line.text)).toEqual(["Skift bandage", "Aflast"]);
  expect(signed?.nextPhotoDays).toBe(14);

  await page.getByRole("button", { name: "Ret svaret" }).click();
  await findings(page).fill("Rent sår, ingen lugt.");
  await page.getByRole("textbox", { name: "Hvorfor rettes svaret" }).fill("Lugten manglede.");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("button", { name: "Underskriv", exact: true }).click();
  await page.getByText("1 tidligere version").click();
  await page.getByLabel("Vis ændringer").check();
  await expect(page.locator("ins").first()).toContainText("ingen lugt");
  await look(page, "answer-versions");
  const versions = await answers(site, assessment.name);
  expect(versions).toHaveLength(2);
  // An amendment begins as the whole answer: what is not touched stays.
  expect(versions[1]?.diagnosis?.code).toBe("421927004");
  expect(versions[1]?.plan).toHaveLength(2);
});

test("a signature whose answer is lost signs once", async ({ site, enter }) => {
  const { assessment } = await aCase(site);
  const page = await enter("specialist");
  await writing(page, assessment.name);
  await findings(page).fill("Fibrin.");
  let calls = 0;
  await page.route("**/AnswerAssessment", async (route) => {
    calls += 1;
    if (calls > 1) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await page.keyboard.press("Control+Enter");
  await page.getByRole("button", { name: "Underskriv", exact: true }).click();
  await expect(page.getByText(/^Underskrevet af/)).toBeVisible();
  expect(await answers(site, assessment.name)).toHaveLength(1);
  await expect(page.getByText("Det, du har skrevet")).toHaveCount(0);
});

test("what is typed while the server is away is there after a reload, and is saved then", async ({
  site,
  enter,
}) => {
  const { assessment } = await aCase(site);
  const page = await enter("specialist");
  await writing(page, assessment.name);
  await page.route("**/SaveAnswerDraft", (route) => route.abort());
  await findings(page).fill("Skrevet uden net.");
  await expect(page.getByText("Kladden er ikke gemt på serveren")).toBeVisible();
  await page.unroute("**/SaveAnswerDraft");
  await page.reload();
  await expect(findings(page)).toHaveValue("Skrevet uden net.");
  await expect(page.getByText("Kladde gemt")).toBeVisible();
});

test("a consent that is withdrawn closes the case, but the text can be copied", async ({ site, enter }) => {
  const { assessment, patient } = await aCase(site);
  const page = await enter("specialist");
  await writing(page, assessment.name);
  await findings(page).fill("Når ikke frem");
  await expect(page.getByText("Kladde gemt")).toBeVisible();
  const { directory } = site.as("nurse");
  for (const { name } of (await directory.listConsents({ parent: patient })).consents) {
    await directory.withdrawConsent({ name, requestId: crypto.randomUUID() });
  }
  let typed = 0;
  await expect(async () => {
    // The withdrawal reaches the wound service a moment later.
    if (await findings(page).isVisible()) await findings(page).fill(`Når ikke frem, ${++typed}`);
    await expect(page.getByText("Du kan ikke længere se eller besvare sagen")).toBeVisible({
      timeout: 2_000,
    });
  }).toPass();
  await expect(page.getByText("Når ikke frem")).toBeVisible();
});
