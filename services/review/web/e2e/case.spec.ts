import { randomUUID } from "node:crypto";
import { expect, look, test } from "./fixtures";
import { aCase } from "./seed";

test("a case is one screen, and a message that somebody writes comes by itself", async ({ site, enter }) => {
  const { wound } = await aCase(site, [28, 14, 0]);
  const page = await enter("specialist", `/${wound}`);
  await expect(page.getByRole("heading", { name: "Inger Prøvesen" })).toBeVisible();
  await expect(page.getByText("Heler såret, som det skal?")).toBeVisible();
  await expect(page.getByRole("row", { name: /Areal/ })).toContainText("bedre");
  const heights = await page.evaluate(() => [document.documentElement.scrollHeight, innerHeight]);
  expect(heights[0]).toBe(heights[1]);
  await expect(page.locator("[data-photo] img").first()).toBeVisible();
  await look(page, "case");
  await expect(page.getByText("Direkte")).toBeVisible();
  await page.getByRole("tab", { name: /Tråd/ }).click();
  const text = "Forbindingen sad løst.";
  await site.as("nurse").wounds.createMessage({ parent: wound, message: { text }, requestId: randomUUID() });
  await expect(page.getByText(text)).toBeVisible();
  await page.getByRole("textbox", { name: /Skriv til alle/ }).fill("Tak, det ser jeg.");
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("log")).toContainText("Tak, det ser jeg.");
  await expect(page.getByRole("textbox", { name: /Skriv til alle/ })).toHaveValue("");
  await look(page, "case-thread");
});

test("every tab of a case can be reached by keys and is well made", async ({ site, enter }) => {
  const { wound } = await aCase(site, [28, 14, 0]);
  const page = await enter("specialist", `/${wound}`, { colorScheme: "dark" });
  await page.getByRole("tab", { name: "Fund" }).focus();
  for (const [tab, seen] of [
    ["Forløb", "Målt ved besøg"],
    ["Tråd", "Skriv til alle"],
    ["Plan", "Hele planen"],
    ["Tidligere", "Der er ingen tidligere svar"],
    ["Set af", "Søren Holm"],
  ] as const) {
    await page.keyboard.press("ArrowRight");
    await expect(page.getByRole("tab", { name: tab })).toBeFocused();
    await expect(page.getByRole("tabpanel")).toContainText(seen);
    await look(page, `case-dark-${tab}`);
  }
});

test("a nurse reads a case on a phone", async ({ site, enter }) => {
  const { wound } = await aCase(site, [14, 0]);
  const page = await enter("nurse", `/${wound}`);
  await expect(page.getByRole("row", { name: /Areal/ })).toBeVisible();
  const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(widths[0]).toBe(widths[1]);
  await look(page, "case-phone");
});

test("when the consent is withdrawn, the page empties and what was typed can be copied", async ({
  site,
  enter,
}) => {
  const { wound, patient } = await aCase(site);
  const page = await enter("specialist", `/${wound}`);
  await page.getByRole("tab", { name: /Tråd/ }).click();
  await page.getByRole("textbox", { name: /Skriv til alle/ }).fill("Ikke sendt endnu");
  const { directory } = site.as("nurse");
  const { consents } = await directory.listConsents({ parent: patient });
  for (const { name, etag } of consents)
    await directory.withdrawConsent({ name, etag, requestId: randomUUID() });
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Du har ikke længere adgang" })).toBeVisible();
  await expect(page.getByText("Inger Prøvesen")).toHaveCount(0);
  await expect(page.getByRole("img", { name: /Billede/ })).toHaveCount(0);
  await expect(page.getByRole("textbox", { name: "Det, du havde skrevet:" })).toHaveValue("Ikke sendt endnu");
  await look(page, "case-gone");
});

test("somebody without a relation sees nothing of a case, its print or its story", async ({
  site,
  enter,
}) => {
  const { wound } = await aCase(site);
  const page = await enter("outsider", `/${wound}`);
  await expect(page.getByRole("heading", { name: "Du har ikke adgang" })).toBeVisible();
  for (const part of ["print", "story"]) {
    await page.goto(`/${wound}/${part}`);
    await expect(page.getByText(/har ikke adgang/).first()).toBeVisible();
    await expect(page.getByText("Inger Prøvesen")).toHaveCount(0);
  }
});

test("a print has the citizen, every signed version and page numbers, and no person number", async ({
  site,
  enter,
}) => {
  const { wound, assessment } = await aCase(site, [14, 0]);
  const { wounds } = site.as("specialist");
  const name = assessment.name;
  const diagnosis = { system: "http://snomed.info/sct", code: "399912005", display: "Tryksår" };
  await wounds.claimAssessment({ name, etag: "", requestId: randomUUID() });
  await wounds.answerAssessment({
    name,
    answer: { diagnosis, findings: "Rent sår" },
    requestId: randomUUID(),
  });
  const better = { diagnosis, findings: "Rent sår med fibrin" };
  await wounds.amendAnswer({ name, answer: better, reason: "Fibrin overset", requestId: randomUUID() });
  const page = await enter("specialist", `/${wound}/print`);
  await expect(page.getByRole("button", { name: /Udskriv/ })).not.toHaveAttribute("aria-busy");
  const sheet = page.getByRole("region", { name: "Sådan bliver udskriften" });
  await expect(sheet).toContainText("Inger Prøvesen");
  await expect(sheet).toContainText("Fibrin overset");
  await expect(sheet).toContainText("Version 1");
  await expect(sheet.getByRole("img", { name: /Besøg/ })).toHaveCount(2);
  expect(await sheet.textContent()).not.toMatch(/010145/);
  await look(page, "print");
  const pdf = await page.pdf({ preferCSSPageSize: true });
  expect(pdf.byteLength).toBeGreaterThan(10_000);
});

test("a story tells who did what, and opens by keys", async ({ site, enter }) => {
  const { wound } = await aCase(site);
  const page = await enter("specialist", `/${wound}/story`);
  const tree = page.getByRole("tree");
  await expect(tree.getByRole("treeitem", { name: /Anna Nørgaard\s+spørger en specialist/ })).toBeVisible();
  await tree.focus();
  const active = page.locator('[role="treeitem"][aria-selected="true"]');
  await expect(active).toHaveAttribute("aria-level", "1");
  await page.keyboard.press("ArrowRight");
  await expect(active).toHaveAttribute("aria-expanded", "true");
  await page.keyboard.press("ArrowDown");
  await expect(active).toHaveAttribute("aria-level", "2");
  await page.keyboard.press("Enter");
  await expect(active).toContainText("samspil.wound.v1.WoundService/OpenWound");
  await look(page, "story");
});
