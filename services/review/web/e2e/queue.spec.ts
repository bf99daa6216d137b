import type { Page } from "@playwright/test";
import { expect, look, test } from "./fixtures";
import { aCase } from "./seed";

const rows = (page: Page) => page.locator("[role=row][aria-selected]");
const active = (page: Page) => page.locator("[role=row][aria-selected=true]");

test("of two specialists the first has the case, and the second is told who", async ({ site, enter }) => {
  await aCase(site);
  const one = await enter("specialist");
  const two = await enter("specialist2");
  await expect(rows(one).first()).toContainText("Ny");
  await expect(rows(two).first()).toContainText("Ny");
  await Promise.all([one.keyboard.press("c"), two.keyboard.press("c")]);
  const told = (page: Page) => page.getByText("tog sagen først");
  await expect(async () => expect((await told(one).count()) + (await told(two).count())).toBe(1)).toPass();
  const [loser, winner] = (await told(one).count()) === 1 ? [one, two] : [two, one];
  await expect(rows(winner).first().getByText("Din", { exact: true })).toBeVisible();
  await expect(rows(loser).first()).toContainText(/til kl\./);
  await winner.keyboard.press("r");
  await expect(rows(loser).first()).toContainText("Ny");
});

test("the queue is worked by keys alone, and keeps its place while it changes", async ({ site, enter }) => {
  for (let n = 0; n < 3; n++) await aCase(site);
  const page = await enter("specialist");
  await expect(rows(page).nth(2)).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  const chosen = await active(page).getAttribute("id");
  const count = await rows(page).count();
  await aCase(site);
  await expect(rows(page)).toHaveCount(count + 1);
  expect(await active(page).getAttribute("id")).toBe(chosen);
  await expect(page.getByRole("grid")).toBeFocused();
  await look(page, "queue");

  await page.keyboard.press("f");
  await expect(page.getByLabel("Status")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("grid")).toBeFocused();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Taster" })).toBeVisible();
  await page.keyboard.press("Escape");

  await page.getByRole("grid").focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/assessment=/);
  await page.goBack();
  await expect(active(page)).toHaveAttribute("id", chosen ?? "");
});

test("filters are in the address, and an empty part says what it means", async ({ enter }) => {
  const page = await enter("specialist", "/queue?mine=1");
  await expect(page.getByText("Du har ikke taget nogen sager.")).toBeVisible();
  await look(page, "queue-empty");
  await page.getByRole("button", { name: "Ryd filtre" }).last().click();
  await expect(page).toHaveURL(/\/queue$/);
});

test("the queue is readable on a phone and in the dark", async ({ site, enter }) => {
  await aCase(site);
  const page = await enter("specialist", "/", { viewport: { width: 390, height: 844 }, colorScheme: "dark" });
  await expect(rows(page).first()).toBeVisible();
  await look(page, "queue-phone-dark");
});
