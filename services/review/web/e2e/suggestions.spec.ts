import { randomUUID } from "node:crypto";
import type { Locator, Page } from "@playwright/test";
import { type Suggestion, SuggestionState } from "../src/gen/samspil/wound/v1/suggestion_pb";
import type { Visit } from "../src/gen/samspil/wound/v1/visit_pb";
import { expect, look, test } from "./fixtures";
import { aCase } from "./seed";
import type { Site } from "./site";

const picture = (page: Page): Locator => page.getByRole("application");
const measures = (page: Page): Locator => page.getByRole("region", { name: "Mål", exact: true });
const act = (page: Page, name: "Overtag" | "Ret" | "Kassér"): Locator =>
  page.getByRole("button", { name: new RegExp(`^${name}: Forslag`) });

/** What the model suggests for a visit's photo, once it has looked at it: the largest first, as the page has them. */
async function suggested(site: Site, visit: Visit | undefined): Promise<Suggestion[]> {
  const { wounds } = site.as("nurse");
  const parent = `${visit?.name}/photos/${visit?.photos[0]?.photoId}`;
  await expect
    .poll(async () => (await wounds.getPhoto({ name: parent })).analysisVersion, { timeout: 60_000 })
    .not.toBe("");
  const { suggestions } = await wounds.listSuggestions({ parent, pageSize: 10, pageToken: "" });
  expect(suggestions, "the wound on a drawn photograph is seen").not.toEqual([]);
  return suggestions.sort((one, other) => (other.measures?.areaPx ?? 0) - (one.measures?.areaPx ?? 0));
}

async function outlines(site: Site, wound: string) {
  const parent = `${wound}/visits/-/photos/-`;
  return (await site.as("nurse").wounds.listOutlines({ parent, pageSize: 10, pageToken: "" })).outlines;
}

test("a suggestion says what it is, is taken over or discarded by keys, and is gone for everybody", async ({
  enter,
  site,
}) => {
  const { wound, visits } = await aCase(site, [14, 0]);
  const before = await suggested(site, visits[1]);
  await suggested(site, visits[0]);
  const page = await enter("specialist", `/${wound}`);
  const nurse = await enter("nurse", `/${wound}`);
  const coordinator = await enter("coordinator", `/${wound}`);
  for (const one of [page, nurse, coordinator]) {
    await expect(measures(one).getByText("fra en model, ikke målt af en person")).toHaveCount(before.length);
    await expect(measures(one)).toContainText(`model ${before[0]?.modelVersion}`);
    await expect(measures(one)).toContainText("Intet omrids på dette billede.");
  }
  await expect(measures(coordinator).getByRole("button")).toHaveCount(0);
  await look(page, "suggestion");
  await look(nurse, "suggestion-phone");

  await picture(page).focus();
  await page.keyboard.press("o");
  await expect(act(page, "Overtag"), "nobody decides on what is hidden").toHaveCount(0);
  await measures(page).getByRole("button", { name: "Vis omrids" }).first().click();

  await act(page, "Overtag").first().focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText("Forslaget er overtaget som dit omrids.")).toBeFocused();
  for (const one of [page, nurse, coordinator]) {
    await expect(measures(one)).toContainText("overtaget forslag");
    await expect(measures(one)).toContainText("Søren Holm");
    await expect(measures(one).getByText("fra en model")).toHaveCount(before.length - 1);
  }
  const [taken] = await outlines(site, wound);
  expect(before.map(({ name }) => name)).toContain(taken?.suggestion);
  expect(taken?.points).toEqual(before.find(({ name }) => name === taken?.suggestion)?.points);

  await page.locator("[data-photo]").first().click();
  const there = await act(page, "Kassér").count();
  await act(page, "Kassér").first().click();
  const asked = page.getByRole("group", { name: "Kassér forslaget?" });
  await expect(asked.getByRole("button", { name: "Behold" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(act(page, "Kassér").first()).toBeFocused();
  await page.keyboard.press("Enter");
  await asked.getByRole("button", { name: "Kassér" }).click();
  await expect(measures(page)).toContainText("Forslaget er kasseret.");
  await expect(act(page, "Kassér")).toHaveCount(there - 1);
  expect(await outlines(site, wound)).toHaveLength(1);
});

test("a suggestion is corrected by keys, and a drawing outlives that somebody else was faster", async ({
  enter,
  site,
}) => {
  const { wound, visits } = await aCase(site);
  const { wounds } = site.as("nurse");
  const [first] = await suggested(site, visits[0]);
  const page = await enter("specialist", `/${wound}`);
  const panel = page.getByRole("region", { name: "Tegn omrids" });
  await act(page, "Ret").first().click();
  await expect(picture(page)).toBeFocused();
  await expect(panel).toContainText("Du retter et forslag fra en model.");
  await expect(measures(page)).toContainText("Rettes i billedet nu");
  for (const key of ["n", "Enter", "ArrowLeft", "Enter"]) await page.keyboard.press(key);
  await look(page, "suggestion-correct");

  // What is put away is taken back, not begun anew.
  await panel.getByRole("button", { name: "Annullér" }).click();
  await act(page, "Ret").first().click();
  await wounds.confirmSuggestion({ name: first?.name ?? "", requestId: randomUUID() });
  await expect(measures(page)).toContainText("overtaget forslag");
  await panel.getByRole("button", { name: "Gem omrids" }).click();
  await expect(panel.getByRole("alert")).toContainText("En anden har allerede taget stilling");
  await expect(panel).toContainText("Din tegning er her stadig.");
  await panel.getByRole("button", { name: "Gem omrids" }).click();
  await expect(measures(page)).toContainText("tegnet i hånden");
  const [own] = await outlines(site, wound);
  expect(own).toMatchObject({ suggestion: "", drawnBy: { displayName: "Søren Holm" } });
  expect(own?.points.length).toBeLessThanOrEqual(40);
});

test("a corrected suggestion is an outline of the person who corrected it", async ({ enter, site }) => {
  const { wound, visits } = await aCase(site);
  const before = await suggested(site, visits[0]);
  const page = await enter("nurse", `/${wound}`);
  await act(page, "Ret").first().tap();
  await page.getByRole("button", { name: "Gem omrids" }).tap();
  await expect(measures(page)).toContainText("forslag rettet i hånden");
  await expect(measures(page).getByText("fra en model")).toHaveCount(before.length - 1);
  const [drawn] = await outlines(site, wound);
  const after = await suggested(site, visits[0]);
  expect(after.find(({ name }) => name === drawn?.suggestion)?.state).toBe(SuggestionState.REDRAWN);
});

test("a suggestion that is taken over while the server is away is taken over once", async ({
  enter,
  site,
}) => {
  const { wound, visits } = await aCase(site);
  await suggested(site, visits[0]);
  const page = await enter("specialist", `/${wound}`);
  await expect(act(page, "Overtag").first()).toBeVisible();
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/ConfirmSuggestion"))
      asked.push(request.postDataBuffer()?.toString("hex") ?? "nothing");
  });
  await site.kill();
  await act(page, "Overtag").first().click();
  const trouble = measures(page).getByRole("alert");
  await expect(trouble).toBeVisible();
  await site.start();
  await trouble.getByRole("button", { name: "Prøv igen" }).click();
  await expect(measures(page)).toContainText("overtaget forslag");
  await expect(trouble).toHaveCount(0);
  expect(await outlines(site, wound)).toHaveLength(1);
  expect(asked).toHaveLength(2);
  expect(asked[0]?.length).toBeGreaterThan(100);
  expect(asked[1], "the same wish").toBe(asked[0]);
});
