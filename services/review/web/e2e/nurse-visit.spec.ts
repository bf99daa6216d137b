import type { Page } from "@playwright/test";
import { VisitState } from "../src/gen/samspil/wound/v1/visit_pb";
import { expect, look, signIn, test } from "./fixtures";
import { citizen, photographs, visit, wound } from "./seed";
import type { Site } from "./site";

async function aWound(site: Site): Promise<string> {
  const { name } = await wound(site, await citizen(site));
  await visit(site, name);
  return name;
}

/** Puts in as much as a visit needs, with photos from the phone's files. */
async function fill(page: Page, photos: Buffer[]): Promise<void> {
  for (const [n, buffer] of photos.entries()) {
    await page.locator("input[type=file]").setInputFiles({ name: "x.jpg", mimeType: "image/jpeg", buffer });
    await expect(page.getByRole("img", { name: `Billede ${n + 1}` })).toBeVisible();
  }
  await page.getByLabel("Længde (mm)").fill("38");
  await page.getByLabel("Bredde (mm)").fill("27");
  await page.getByRole("radio", { name: "Ja, spørg" }).check();
  await page.getByLabel("Hvad vil du vide?").fill("Skal vi skifte bandage?");
  await expect(page.getByLabel("Hospital")).toHaveValue(/organisations/);
}

async function finish(page: Page): Promise<void> {
  await expect(page.getByText("Gemt", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Afslut og send" }).click();
  await page.getByRole("button", { name: "Send alligevel" }).click();
  await expect(page.getByRole("heading", { name: "Udbakke" })).toBeVisible();
}

/** The newest visit and the questions that the server has. */
async function arrived(site: Site, wound: string) {
  const { wounds } = site.as("nurse");
  const { visits } = await wounds.listVisits({ parent: wound });
  const { assessments } = await wounds.listAssessments({ parent: wound });
  return { visits, newest: visits[0], assessments };
}

/** Another photo each time: the wound takes none twice. */
function photo(n: number): Buffer {
  const all = photographs();
  const found = all[1 + (n % (all.length - 1))];
  if (!found) throw new Error("there are too few photographs");
  return found;
}

test("a visit by the camera arrives with its photo, its findings and its question", async ({
  enter,
  site,
}) => {
  const name = await aWound(site);
  const page = await enter("nurse", `/${name}/visit`);
  await expect(page.getByText("Sidst: 42 mm")).toBeVisible();
  await look(page, "visit-empty");
  await page.getByRole("button", { name: "Tag billede" }).click();
  await page.getByRole("button", { name: "Tag billedet" }).click();
  await page.getByRole("button", { name: /^Brug/ }).click();
  await expect(page.getByRole("img", { name: "Billede 1" })).toBeVisible();
  await fill(page, []);
  await page.getByRole("group", { name: "Mængde" }).getByText("Kraftig").click();
  await page.getByRole("slider", { name: "Granulation" }).fill("70");
  await page.getByRole("button", { name: /Resten \(30 %\)/ }).click();
  await expect(page.getByText("I alt 100 %")).toBeVisible();
  await look(page, "visit-filled");
  await page.getByRole("button", { name: "Afslut og send" }).click();
  await expect(page.getByText("Alt er sendt.")).toBeVisible();
  await look(page, "outbox-sent");

  const { newest, assessments } = await arrived(site, name);
  expect(newest).toMatchObject({ state: VisitState.COMPLETE, findings: { lengthMm: 38, widthMm: 27 } });
  expect(newest?.findings?.tissue.map((one) => one.percent)).toEqual([100]);
  expect(newest?.photos).toHaveLength(1);
  expect(assessments.map((one) => one.question)).toEqual(["Skal vi skifte bandage?"]);
});

test("nothing is lost by a reload, a second window, or a crash of the page", async ({ enter, site }) => {
  const name = await aWound(site);
  const page = await enter("nurse", `/${name}/visit`);
  await fill(page, [photo(0)]);
  await expect(page.getByText("Gemt", { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Længde (mm)")).toHaveValue("38");
  await expect(page.getByRole("img", { name: "Billede 1" })).toBeVisible();

  const second = await page.context().newPage();
  await second.goto(page.url());
  await expect(second.getByText("Besøget er åbent i et andet vindue.")).toBeVisible();
  await look(second, "visit-elsewhere");
  await page.getByLabel("Andet", { exact: true }).fill("ikke færdig");
  await second.getByRole("button", { name: "Fortsæt her" }).click();
  await expect(second.getByLabel("Andet", { exact: true })).toHaveValue("ikke færdig");
  await expect(page.getByText("Besøget er åbent i et andet vindue.")).toBeVisible();
  await second.close({ runBeforeUnload: false });
  await expect(page.getByLabel("Andet", { exact: true })).toHaveValue("ikke færdig");
});

test("a server that dies in the middle of an upload gets everything once", async ({ enter, site }) => {
  const name = await aWound(site);
  const page = await enter("nurse", `/${name}/visit`);
  await fill(page, [photo(1), photo(2)]);
  let appended = 0;
  // It dies after the first piece has arrived, before the answer does.
  await page.route(/AppendPhoto/, async (route) => {
    appended += 1;
    if (appended !== 2) return await route.continue();
    await route.fetch();
    await site.kill();
    await route.abort();
  });
  await finish(page);
  await expect(page.getByText("Serveren kan ikke nås.", { exact: false })).toBeVisible();
  await look(page, "outbox-unreachable");
  await expect(page.getByRole("navigation").getByText("(1")).toBeVisible();
  await site.start();
  await page.reload();
  await expect(page.getByText("Alt er sendt.")).toBeVisible({ timeout: 60_000 });
  const { visits, newest, assessments } = await arrived(site, name);
  expect(visits).toHaveLength(2);
  expect(newest?.state).toBe(VisitState.COMPLETE);
  expect(newest?.photos.map((one) => Number(one.sizeBytes)).sort()).toEqual(
    [photo(1), photo(2)].map((one) => one.length).sort(),
  );
  expect(assessments).toHaveLength(1);
});

test("a visit written without coverage is sent when it is back, by one of two windows", async ({
  enter,
  site,
}) => {
  const name = await aWound(site);
  const page = await enter("nurse", `/${name}/visit`);
  await fill(page, [photo(3)]);
  await page.context().setOffline(true);
  await finish(page);
  await expect(page.getByText("Serveren kan ikke nås.", { exact: false })).toBeVisible();
  await page.context().setOffline(false);
  const second = await page.context().newPage();
  await second.goto("/outbox");
  await expect(page.getByText("Alt er sendt.")).toBeVisible();
  await expect(second.getByText("Alt er sendt.")).toBeVisible();
  const { visits, assessments } = await arrived(site, name);
  expect(visits).toHaveLength(2);
  expect(assessments).toHaveLength(1);
});

test("a sign-in that is lost keeps the visit until the same person is back", async ({ enter, site }) => {
  const name = await aWound(site);
  const page = await enter("nurse", `/${name}/visit`);
  await fill(page, [photo(4)]);
  await page.evaluate(() => {
    const key = Object.keys(localStorage).find((one) => one.startsWith("samspil.user:")) ?? "";
    const user = JSON.parse(localStorage.getItem(key) ?? "{}");
    localStorage.setItem(key, JSON.stringify({ ...user, expires_at: 1, refresh_token: "spoilt" }));
  });
  await finish(page);
  await expect(page.getByText("Log ind igen for at sende.", { exact: false })).toBeVisible();
  await look(page, "outbox-sign-in");
  await page.getByRole("button", { name: "Log ind igen" }).click();
  await page.getByRole("button", { name: "Anna Nørgaard" }).click();
  await expect(page.getByText("Alt er sendt.")).toBeVisible();
  expect((await arrived(site, name)).assessments).toHaveLength(1);
});

test("signing out keeps what is not sent, sealed, for the next time", async ({ enter, site }) => {
  const name = await aWound(site);
  const page = await enter("nurse", `/${name}/visit`);
  await fill(page, [photo(5)]);
  await expect(page.getByText("Gemt", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: /Anna Nørgaard/ }).click();
  await page.getByRole("menuitem", { name: "Log ud" }).click();
  await page.getByRole("button", { name: "Log ud alligevel" }).click();
  await signIn(page, "nurse");
  await page.goto("/outbox");
  await page.getByRole("link", { name: "Fortsæt" }).click();
  await expect(page.getByLabel("Længde (mm)")).toHaveValue("38");
  await expect(page.getByRole("img", { name: "Billede 1" })).toBeVisible();
});

test("a consent withdrawn meanwhile keeps the visit, and says what to do", async ({ enter, site }) => {
  const name = await aWound(site);
  const page = await enter("nurse", `/${name}/visit`);
  await fill(page, [photo(6)]);
  const { directory } = site.as("nurse");
  const parent = name.split("/").slice(0, 2).join("/");
  const { consents } = await directory.listConsents({ parent });
  for (const one of consents)
    await directory.withdrawConsent({ name: one.name, etag: one.etag, requestId: crypto.randomUUID() });
  await finish(page);
  await expect(page.getByText("samtykke er måske trukket tilbage", { exact: false })).toBeVisible();
  await look(page, "outbox-consent");
});

test("files that are no photos are told at once, in plain words", async ({ enter, site }) => {
  const name = await aWound(site);
  const page = await enter("nurse", `/${name}/visit`);
  const pick = (buffer: Buffer) =>
    page.locator("input[type=file]").setInputFiles({ name: "x.jpg", mimeType: "image/jpeg", buffer });
  const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypheic"), Buffer.alloc(99)]);
  for (const [buffer, words] of [
    [Buffer.alloc(0), "Filen er tom."],
    [heic, "HEIC-format"],
    [Buffer.from("%PDF-1.7 and so on and on"), "ikke et billede"],
    [photo(0).subarray(0, 300), "beskadiget"],
    [Buffer.concat([photo(0), Buffer.alloc(40 << 20)]), "over 40 MB"],
  ] as const) {
    await pick(buffer);
    await expect(page.getByRole("alert").getByText(words, { exact: false })).toBeVisible();
  }
  await pick(photo(7));
  await expect(page.getByRole("img", { name: "Billede 1" })).toBeVisible();
  await pick(photo(7));
  await expect(page.getByText("Det billede er der allerede.")).toBeVisible();
});

test("a verdict that warns lets her take another, or say that it is good enough", async ({ enter, site }) => {
  const name = await aWound(site);
  const page = await enter("nurse", `/${name}/visit`);
  // As if this device could not tell: what the server finds is news to her then.
  await page.addInitScript(() => {
    OffscreenCanvasRenderingContext2D.prototype.getImageData = (_x, _y, width, height) => {
      const made = new ImageData(width, height);
      for (let at = 0; at < made.data.length; at += 4)
        made.data.fill((at / 4 / 3 + Math.floor(at / 4 / width / 3)) % 2 < 1 ? 90 : 160, at, at + 4);
      return made;
    };
  });
  await page.reload();
  await page.getByRole("button", { name: "Tag billede" }).click();
  const shown = () => page.locator("video").evaluate((video: HTMLVideoElement) => video.currentTime);
  await expect(page.getByRole("button", { name: "Tag billedet" })).toBeEnabled();
  const first = await shown();
  await page.getByRole("button", { name: "Tag billedet" }).click();
  await page.getByRole("button", { name: "Brug billedet" }).click();
  await fill(page, []);
  await finish(page);
  await expect(page.getByText("Billedet er uskarpt", { exact: false })).toBeVisible();
  await look(page, "outbox-warning");
  await page.getByRole("button", { name: "Tag et nyt" }).click();
  // The made-up camera begins anew, and the same moment of it is the same file, which a wound takes once.
  await expect.poll(shown).toBeGreaterThan(first + 2);
  await page.getByRole("button", { name: "Tag billedet" }).click();
  await page.getByRole("button", { name: "Brug billedet" }).click();
  await expect(page.getByRole("img", { name: "Billede 2" })).toBeVisible();
  await page.getByRole("button", { name: "Det er godt nok" }).click();
  await expect(page.getByText("Alt er sendt.")).toBeVisible();
  expect((await arrived(site, name)).newest?.photos).toHaveLength(2);
});

test("the page starts and takes a visit where there is no server at all", async ({ enter, site }) => {
  const name = await aWound(site);
  const page = await enter("nurse", `/${name}/visit`, { serviceWorkers: "allow" });
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await expect(page.getByRole("heading", { name: "Besøg" })).toBeVisible();
  await expect(page.getByText("Sidst: 42 mm")).toBeVisible();
  await page.getByRole("radio", { name: "Ja, spørg" }).check();
  await expect(page.getByLabel("Hospital")).toHaveValue(/organisations/);
  await site.kill();
  await page.goto("/outbox");
  await page.goto(`/${name}/visit`);
  await fill(page, [photo(8)]);
  await finish(page);
  await expect(page.getByText("Serveren kan ikke nås.", { exact: false })).toBeVisible();
  await site.start();
  await page.getByRole("button", { name: "Prøv nu" }).click();
  await expect(page.getByText("Alt er sendt.")).toBeVisible({ timeout: 60_000 });
  expect((await arrived(site, name)).visits).toHaveLength(2);
});

test("the form works at twice the size of letters, by keys, and in the dark", async ({ enter, site }) => {
  const name = await aWound(site);
  const page = await enter("nurse", `/${name}/visit`, { colorScheme: "dark" });
  await expect(page.getByText("Sidst: 42 mm")).toBeVisible();
  await look(page, "visit-dark");
  await page.evaluate(() => {
    document.documentElement.style.fontSize = "200%";
  });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(page.viewportSize()?.width ?? 0);
  await look(page, "visit-large");
  const slider = page.getByRole("slider", { name: "Granulation" });
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByText("I alt 5 %")).toBeVisible();
  await page.getByRole("radio", { name: "Moderat" }).focus();
  await page.keyboard.press("Space");
  await expect(page.getByRole("radio", { name: "Moderat" })).toBeChecked();
});
