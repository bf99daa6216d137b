import type { BrowserContext, Page } from "@playwright/test";
import { expect, phone, signIn, test } from "./fixtures";
import { citizen, personNumber, photographs } from "./seed";

/** What marks her: a name, and a word in everything that is written about her. Her number is another each time. */
const NAME = "Kanariefugl Kvidder";
const TEXT = "Sangstemme";

/** Everything that a browser keeps for the page, as one text: bytes are told one character each. */
async function kept(page: Page): Promise<string> {
  const within = await page.evaluate(async () => {
    const told: string[] = [document.title, location.href, document.cookie];
    const bytes = (buffer: ArrayBuffer | ArrayBufferView) => {
      const view = buffer instanceof ArrayBuffer ? new Uint8Array(buffer) : new Uint8Array(buffer.buffer);
      return new TextDecoder("latin1").decode(view) + new TextDecoder().decode(view);
    };
    async function tell(value: unknown): Promise<void> {
      if (value instanceof Blob) told.push(bytes(await value.arrayBuffer()));
      else if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) told.push(bytes(value));
      else if (value instanceof Map || value instanceof Set) for (const one of value) await tell(one);
      else if (Array.isArray(value)) for (const one of value) await tell(one);
      else if (value instanceof CryptoKey)
        told.push(value.extractable ? "a key that can be taken out" : "a key");
      else if (value !== null && typeof value === "object")
        for (const [name, one] of Object.entries(value)) {
          told.push(name);
          await tell(one);
        }
      else told.push(String(value));
    }
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    await tell({ ...localStorage });
    await tell({ ...sessionStorage });
    await tell(history.state);
    for (const { name } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name ?? ""));
      for (const store of database.objectStoreNames) {
        const objects = database.transaction(store).objectStore(store);
        const [keys, values] = await Promise.all([done(objects.getAllKeys()), done(objects.getAll())]);
        told.push(`records: ${values.length}`);
        await tell(keys);
        await tell(values);
      }
      database.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        told.push(request.url);
        const response = await cache.match(request);
        if (response) await tell(await response.arrayBuffer());
      }
    }
    return told.join("\n");
  });
  return within + JSON.stringify(await page.context().cookies());
}

/** Passes when nothing of her is kept in clear, nor a photo. */
async function keepsNothingOfHer(page: Page, number: string): Promise<void> {
  const text = await kept(page);
  expect(text.length).toBeGreaterThan(500);
  for (const word of [number, `${number.slice(0, 6)}-${number.slice(6)}`, NAME, "Kanariefugl", TEXT])
    expect(text.split("\n").filter((line) => line.includes(word))).toEqual([]);
  // JFIF and EXIF: what photographs begin with.
  expect(text).not.toMatch(/\xff\xd8\xff|JFIF\0|Exif\0/);
  expect(text).not.toContain("a key that can be taken out");
}

/** Every address that a browser asked for or showed, with what it sent along in the open. */
function addresses(context: BrowserContext): string[] {
  const said: string[] = [];
  context.on("request", (request) => said.push(request.url(), request.headers().referer ?? ""));
  context.on("page", (page) => page.on("framenavigated", (frame) => said.push(frame.url())));
  return said;
}

test("a marked person leaves nothing in the clear in the browsers of those who treat her", async ({
  browser,
  site,
}) => {
  test.setTimeout(240_000);
  const number = personNumber();
  const open = async (options = {}) => {
    const context = await browser.newContext({ baseURL: site.url, serviceWorkers: "allow", ...options });
    const said = addresses(context);
    return { said, page: await context.newPage() };
  };
  const phoneOf = await open(phone);
  const nurse = phoneOf.page;
  await nurse.goto("/find");
  await signIn(nurse, "nurse");
  await nurse.getByLabel("Personnummer").fill(`${number.slice(0, 6)}-${number.slice(6)}`);
  await nurse.getByRole("button", { name: "Find", exact: true }).click();
  await nurse.getByLabel("Borgerens navn").fill(NAME);
  await nurse.getByRole("button", { name: "Registrér", exact: true }).click();
  await expect(nurse.getByRole("heading", { name: NAME })).toBeVisible();
  const patient = new URL(nurse.url()).pathname;
  await nurse.goto(`${patient}/new-wound`);
  await nurse.getByRole("button", { name: "Fod, venstre" }).click();
  await nurse.getByRole("radio", { name: "Storetå" }).check();
  await nurse.getByLabel("Type").selectOption({ label: "Diabetisk fodsår" });
  await nurse.getByRole("link", { name: "Registrér samtykke" }).click();
  await nurse.getByLabel(/Regionshospitalet Horsens/).check();
  await nurse.getByLabel("Hvor ligger det underskrevne samtykke?").fill(`${TEXT} 26/0042`);
  await nurse.getByRole("button", { name: "Registrér", exact: true }).click();
  await nurse.getByRole("button", { name: "Opret såret" }).click();
  await expect(nurse.getByRole("heading", { name: /Diabetisk fodsår/ })).toBeVisible();
  await keepsNothingOfHer(nurse, number);

  // A visit that waits: the phone has no coverage.
  const { wounds } = await site.as("nurse").wounds.listWounds({ parent: patient.slice(1) });
  await nurse.goto(`/${wounds[0]?.name}/visit`);
  const picture = photographs()[0];
  if (!picture) throw new Error("there are no photographs");
  const file = { name: `${number} ${NAME}.jpg`, mimeType: "image/jpeg", buffer: picture };
  await nurse.locator("input[type=file]").setInputFiles(file);
  await expect(nurse.getByRole("img", { name: "Billede 1" })).toBeVisible();
  await nurse.getByLabel("Længde (mm)").fill("38");
  await nurse.getByLabel("Andet", { exact: true }).fill(`${TEXT}: lugter`);
  await nurse.getByRole("radio", { name: "Ja, spørg" }).check();
  await nurse.getByLabel("Hvad vil du vide?").fill(`${TEXT}: skal vi skifte?`);
  await expect(nurse.getByLabel("Hospital")).toHaveValue(/organisations/);
  await expect(nurse.getByText("Gemt", { exact: true })).toBeVisible();
  await keepsNothingOfHer(nurse, number);
  await nurse.context().setOffline(true);
  await nurse.getByRole("button", { name: "Afslut og send" }).click();
  await nurse.getByRole("button", { name: "Send alligevel" }).click();
  await expect(nurse.getByText("Serveren kan ikke nås.", { exact: false })).toBeVisible();
  await keepsNothingOfHer(nurse, number);
  await nurse.context().setOffline(false);
  await expect(nurse.getByText("Alt er sendt.")).toBeVisible({ timeout: 60_000 });

  const desk = await open({ viewport: { width: 1440, height: 900 } });
  const specialist = desk.page;
  await specialist.goto("/queue");
  await signIn(specialist, "specialist");
  await specialist.locator("[role=row]", { hasText: TEXT }).click();
  await specialist.getByRole("button", { name: "Tag sagen" }).click();
  await specialist.getByRole("textbox", { name: "Fund" }).fill(`${TEXT}: rent sår.`);
  await expect(specialist.getByText("Kladde gemt")).toBeVisible();
  await expect(specialist.locator("canvas").first()).toBeVisible();
  await keepsNothingOfHer(specialist, number);
  await specialist.keyboard.press("Control+Enter");
  await specialist.getByRole("button", { name: "Underskriv", exact: true }).click();
  await expect(specialist.getByText(/^Underskrevet af Søren Holm/)).toBeVisible();
  await keepsNothingOfHer(specialist, number);

  await nurse.goto(patient);
  await expect(nurse.getByText(`${TEXT}: rent sår.`)).toBeVisible();
  await keepsNothingOfHer(nurse, number);

  // She herself reads who it was, and why.
  await site.as("outsider").directory.breakGlass({
    parent: patient.slice(1),
    reason: `${TEXT}: fundet bevidstløs`,
    requestId: crypto.randomUUID(),
  });
  const own = await open(phone);
  await own.page.goto("/");
  await signIn(own.page, { citizen: patient.slice(1) });
  await expect(own.page.getByText(`${TEXT}: fundet bevidstløs`)).toBeVisible();
  await expect(own.page.getByText("Underskrev en vurdering")).toBeVisible();
  await keepsNothingOfHer(own.page, number);
  for (const { said, page } of [phoneOf, desk, own]) {
    expect(said.length).toBeGreaterThan(20);
    for (const word of [number.slice(6), "Kanariefugl", TEXT])
      expect(said.filter((url) => decodeURIComponent(url).includes(word))).toEqual([]);
    await page.context().close();
  }
});

test("what is looked for would be found", async ({ enter, site }) => {
  const patient = await citizen(site);
  const page = await enter("nurse", `/${patient}`);
  await page.evaluate(async (text) => {
    const cache = await caches.open("of the test");
    await cache.put("/somewhere", new Response(`${text} in a cache`));
    const opening = indexedDB.open("of the test", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("rows", { autoIncrement: true });
    await new Promise((resolve) => {
      opening.onsuccess = resolve;
    });
    const blob = new Blob([`${text} in a blob`]);
    const adding = opening.result.transaction("rows", "readwrite").objectStore("rows").add({ blob });
    await new Promise((resolve) => {
      adding.onsuccess = resolve;
    });
    opening.result.close();
    sessionStorage.setItem("of the test", `${text} in the session`);
  }, TEXT);
  const text = await kept(page);
  for (const place of ["cache", "blob", "the session"])
    expect(text).toContain(`${TEXT} in ${place === "the session" ? place : `a ${place}`}`);
});
