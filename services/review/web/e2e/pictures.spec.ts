import type { Locator, Page } from "@playwright/test";
import { expect, look, test } from "./fixtures";
import { aCase } from "./seed";

/** The corners and marks of a drawing, by keyboard: moves with Shift go 32 pixels of the screen. */
async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

const times = (key: string, count: number): string[] => Array(count).fill(key);
const picture = (page: Page): Locator => page.getByRole("application");
const measures = (page: Page): Locator => page.getByRole("region", { name: "Mål", exact: true });

test("a specialist looks closely, by keys and by buttons, and the original stays as it is", async ({
  enter,
  site,
}) => {
  const { wound } = await aCase(site, [14, 0]);
  const page = await enter("specialist", `/${wound}`);
  const thumbnails = page.locator("[data-photo]");
  await expect(thumbnails).toHaveCount(2);
  await expect(page.locator("[data-photo] img")).toHaveCount(2);
  await picture(page).focus();
  await press(page, "+", "+", "r", "b", "?");
  await expect(page.getByText("Lys eller kontrast er ændret i visningen")).toBeVisible();
  await expect(page.getByRole("region", { name: "Taster" })).toContainText("Drej 90° mod uret");
  await press(page, "n", "?", "0");
  await expect(page.getByText("Lys eller kontrast er ændret i visningen")).toBeHidden();
  await look(page, "picture");
});

test("two visits are compared, and the back button takes it back", async ({ enter, site }) => {
  const { wound, visits } = await aCase(site, [21, 14, 0]);
  const page = await enter("specialist", `/${wound}`);
  await page.getByRole("button", { name: "Sammenlign" }).click();
  const ids = visits.map(({ photos }) => photos[0]?.photoId);
  await expect(page).toHaveURL(new RegExp(`b=${ids[1]}`));
  await page
    .locator("[data-photo]")
    .first()
    .click({ modifiers: ["Shift"] });
  await expect(page).toHaveURL(new RegExp(`b=${ids[0]}`));
  await page.getByText("Skydelinje", { exact: true }).click();
  await page.getByRole("slider", { name: "Skillelinje" }).press("ArrowRight");
  await expect(page.getByRole("slider", { name: "Skillelinje" })).toHaveValue("51");
  await page.getByRole("button", { name: "Ret ind", exact: true }).click();
  await page.getByRole("button", { name: "Flyt B mod højre" }).click();
  await look(page, "compare");
  await page.goBack();
  await expect(page).toHaveURL(new RegExp(`b=${ids[1]}`));
  await page.goBack();
  await expect(page).not.toHaveURL(/b=/);
});

test("an outline is drawn by keyboard, corrected after the server says it crosses itself, kept, and withdrawn", async ({
  enter,
  site,
}) => {
  const { wound } = await aCase(site);
  const page = await enter("specialist", `/${wound}`);
  await page.getByRole("button", { name: "Tegn omrids" }).click();
  await picture(page).focus();
  // Two corners on the left and two on the right, in an order that makes a bow.
  await press(page, ...times("Shift+ArrowLeft", 2), "Enter");
  await press(page, ...times("Shift+ArrowRight", 4), ...times("Shift+ArrowDown", 2), "Enter");
  await press(page, ...times("Shift+ArrowUp", 2), "Enter");
  await press(page, ...times("Shift+ArrowLeft", 4), ...times("Shift+ArrowDown", 2), "Enter", "c");
  await expect(page.getByText("Kanten er lukket.")).toBeVisible();
  await page.getByRole("button", { name: "Sæt målestok" }).click();
  await picture(page).focus();
  await press(page, "Shift+ArrowDown", "Enter", ...times("Shift+ArrowRight", 4), "Enter");
  await page.getByLabel("Afstand mellem mærkerne (mm)").fill("40,5");
  await page.getByRole("button", { name: "Gem omrids" }).click();
  await expect(page.getByRole("alert")).toContainText("krydser sig selv");
  await picture(page).focus();
  // The second and the third corner change places.
  await press(page, "n", "n", "Enter", ...times("Shift+ArrowUp", 3), "Enter");
  await press(page, "n", "Enter", ...times("Shift+ArrowDown", 2), "Enter");
  await look(page, "draw");
  await page.getByRole("button", { name: "Gem omrids" }).click();
  await expect(measures(page)).toContainText("tegnet i hånden, topunktsmålestok");
  await expect(measures(page)).toContainText("Søren Holm");
  const { outlines } = await site
    .as("specialist")
    .wounds.listOutlines({ parent: `${wound}/visits/-/photos/-`, pageSize: 10, pageToken: "" });
  expect(outlines).toHaveLength(1);
  expect(outlines[0]?.calibration?.distanceMm).toBe(40.5);
  await page.getByRole("button", { name: "Træk tilbage" }).click();
  await page
    .getByRole("group", { name: "Træk omridset tilbage?" })
    .getByRole("button", { name: "Behold" })
    .click();
  await page.getByRole("button", { name: "Træk tilbage" }).click();
  await page.getByRole("group").getByRole("button", { name: "Træk tilbage" }).click();
  await expect(measures(page)).toContainText("Intet omrids");
});

test("nothing that is drawn is lost when the server is away", async ({ enter, site }) => {
  const { wound } = await aCase(site);
  const page = await enter("specialist", `/${wound}`);
  await page.getByRole("button", { name: "Tegn omrids" }).click();
  await picture(page).focus();
  await press(
    page,
    "Enter",
    ...times("Shift+ArrowRight", 3),
    "Enter",
    ...times("Shift+ArrowDown", 3),
    "Enter",
    "c",
  );
  await site.kill();
  await page.getByRole("button", { name: "Gem omrids" }).click();
  await expect(page.getByRole("region", { name: "Tegn omrids" }).getByRole("alert")).toBeVisible();
  await site.start();
  await page.getByRole("button", { name: "Gem omrids" }).click();
  await expect(measures(page)).toContainText("pixels");
  const { outlines } = await site
    .as("nurse")
    .wounds.listOutlines({ parent: `${wound}/visits/-/photos/-`, pageSize: 10, pageToken: "" });
  expect(outlines).toHaveLength(1);
});
