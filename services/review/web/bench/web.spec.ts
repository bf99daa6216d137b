import { expect, phone, test } from "../e2e/fixtures";
import { aCase } from "../e2e/seed";
import { aLongCase, aQueue } from "./fill";
import {
  figure,
  frames,
  noteInteractions,
  percentile,
  rest,
  scriptBytes,
  slowNetwork,
  slowProcessor,
} from "./measure";

const KB = 1000;

/** The address without what the browser has kept: signed in, nothing in its cache. */
async function coldly(page: import("@playwright/test").Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Network.clearBrowserCache");
}

test("first views", async ({ enter, site }, info) => {
  const { wound } = await aCase(site);
  const views = [
    ["queue", "specialist", "/queue", "Kø"],
    ["home", "nurse", "/home", "Borgere"],
    ["visit form", "nurse", `/${wound}/visit`, ""],
    ["case", "specialist", `/${wound}`, ""],
  ] as const;
  for (const [name, who, path] of views) {
    const page = await enter(who, "/about");
    await coldly(page);
    const bytes = await scriptBytes(page, async () => {
      await page.goto(path);
    });
    figure(
      info,
      `script of the ${name}`,
      bytes / KB,
      "kB",
      ["queue", "home"].includes(name) ? 200 : undefined,
    );
  }
});

test("slow 3G on a slow phone", async ({ enter, site }, info) => {
  await aCase(site);
  const page = await enter("nurse", "/about");
  const devtools = await slowProcessor(page);
  await coldly(page);
  await slowNetwork(devtools);
  const begun = Date.now();
  await page.goto("/home", { waitUntil: "commit", timeout: 120_000 });
  await expect(page.getByText("Inger Prøvesen").first()).toBeVisible({ timeout: 120_000 });
  figure(info, "home on slow 3G, nothing kept", (Date.now() - begun) / 1000, "s");
  const again = Date.now();
  await page.reload({ waitUntil: "commit" });
  await expect(page.getByText("Inger Prøvesen").first()).toBeVisible({ timeout: 120_000 });
  figure(info, "home on slow 3G, for the second time", (Date.now() - again) / 1000, "s");
});

test("a visit form on a slow phone", async ({ enter, site }, info) => {
  const { wound } = await aCase(site);
  const page = await enter("nurse", `/${wound}/visit`);
  const length = page.getByLabel("Længde (mm)");
  await expect(length).toBeVisible();
  await slowProcessor(page);
  const told = await noteInteractions(page);
  await length.click();
  await page.keyboard.type("38");
  await page.getByLabel("Bredde (mm)").click();
  await page.keyboard.type("27");
  await page.getByRole("group", { name: "Mængde" }).getByText("Kraftig").click();
  await page.getByRole("group", { name: "Mængde" }).getByText("Let").click();
  await page.getByRole("radio", { name: "Ja, spørg" }).click();
  await page.getByLabel("Hvad vil du vide?").click();
  await page.keyboard.type("Skal vi skifte bandage?");
  const times = await told();
  expect(times.length).toBeGreaterThan(20);
  figure(info, "visit form, processor ÷ 4: interaction, median", percentile(times, 50), "ms", 100);
  figure(info, "visit form, processor ÷ 4: interaction, 98th percentile", percentile(times, 98), "ms", 100);
});

test("a queue of 2,000", async ({ enter, site }, info) => {
  await aQueue(site, 2000);
  const page = await enter("specialist", "/about");
  const begun = Date.now();
  await page.goto("/queue");
  await expect(page.locator("[role=row][aria-selected]").first()).toBeVisible();
  figure(info, "queue of 2,000: first rows", Date.now() - begun, "ms");
  await expect(page.getByRole("grid")).toHaveAttribute("aria-rowcount", /^20\d\d$/);
  await page.getByRole("grid").hover();
  const smooth = await frames(page, async () => {
    for (let n = 0; n < 60; n++) await page.mouse.wheel(0, 400);
  });
  figure(info, "queue of 2,000: frame while scrolling, 95th percentile", percentile(smooth, 95), "ms");
  await slowProcessor(page);
  await page.getByRole("grid").focus();
  const told = await noteInteractions(page);
  for (let n = 0; n < 30; n++) await page.keyboard.press("j");
  const times = await told();
  expect(times.length).toBeGreaterThan(10);
  figure(
    info,
    "queue of 2,000, processor ÷ 4: key without a pause, 98th percentile",
    percentile(times, 98),
    "ms",
  );
});

test("a queue of 2,000 on a slow phone", async ({ enter, site }, info) => {
  await aQueue(site, 2000);
  const page = await enter("specialist", "/queue", phone);
  const rows = page.locator("[role=row][aria-selected]");
  await expect(rows.first()).toBeVisible();
  await expect(page.getByRole("grid")).toHaveAttribute("aria-rowcount", /^20\d\d$/);
  await slowProcessor(page);
  const told = await noteInteractions(page);
  const filters = page.getByRole("button", { name: /^Filtre/ });
  for (let n = 0; n < 6; n++) {
    await filters.tap();
    await expect(filters).toHaveAttribute("aria-expanded", String(n % 2 === 0));
  }
  await rows.nth(1).tap();
  await expect(page).toHaveURL(/wounds/);
  const times = await told();
  expect(times.length).toBeGreaterThanOrEqual(7);
  figure(info, "queue of 2,000 on a phone, processor ÷ 4: tap, the longest", Math.max(...times), "ms", 100);
});

test("a case of 40 visits and 120 photos", async ({ enter, site }, info) => {
  const wound = await aLongCase(site, 40, 3);
  const page = await enter("specialist", "/about");
  const begun = Date.now();
  await page.goto(`/${wound}`);
  await expect(page.locator("canvas").first()).toBeVisible();
  figure(info, "case of 120 photos: picture", Date.now() - begun, "ms");
  await expect(page.locator("[data-photo] img").first()).toBeVisible();
  figure(info, "case of 120 photos: thumbnails begin", Date.now() - begun, "ms");
  await slowProcessor(page);
  const strip = page.locator("[data-photo][tabindex='0']");
  await strip.focus();
  const told = await noteInteractions(page);
  for (let n = 0; n < 20; n++) await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("a");
  const times = await told();
  expect(times.length).toBeGreaterThan(10);
  figure(
    info,
    "case of 120 photos, processor ÷ 4: key in the strip without a pause, 98th percentile",
    percentile(times, 98),
    "ms",
  );

  const hand = await enter("specialist", `/${wound}`, phone);
  await expect(hand.locator("[data-photo] img").first()).toBeVisible();
  await slowProcessor(hand);
  await rest(hand);
  const touched = await noteInteractions(hand);
  const last = await hand.locator("[data-photo]").count();
  for (let n = last - 1; n >= last - 6; n--) {
    const photo = hand.locator("[data-photo]").nth(n);
    await photo.tap();
    await expect(photo).toHaveAttribute("aria-pressed", "true");
    await rest(hand);
  }
  const taps = await touched();
  expect(taps.length).toBeGreaterThanOrEqual(6);
  figure(
    info,
    "case of 120 photos on a phone, processor ÷ 4: tap, the longest",
    Math.max(...taps),
    "ms",
    100,
  );
});
