import { expect, look, test } from "./fixtures";

test("nobody sees anything before signing in, and nothing stays after signing out", async ({ enter }) => {
  const page = await enter("specialist");
  await expect(page).toHaveURL(/\/queue/);
  await page.getByRole("button", { name: /Søren Holm/ }).click();
  await page.getByRole("menuitem", { name: "Log ud" }).click();
  await expect(page.getByRole("button", { name: "Log ind", exact: true })).toBeVisible();
  const kept = await page.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name }) => name ?? "");
    const count = (name: string) =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open(name);
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const stores = [...opening.result.objectStoreNames];
          if (stores.length === 0) return resolve(0);
          let sum = 0;
          const tx = opening.result.transaction(stores);
          for (const store of stores) {
            const counted = tx.objectStore(store).count();
            counted.onsuccess = () => {
              sum += counted.result;
            };
          }
          tx.oncomplete = () => resolve(sum);
        };
      });
    const rows = await Promise.all(names.map(count));
    return { rows, local: Object.keys(localStorage), session: Object.keys(sessionStorage) };
  });
  expect(kept.rows.every((rows) => rows === 0)).toBe(true);
  expect(kept.local.filter((key) => key.startsWith("samspil.user"))).toEqual([]);
  expect(kept.session).toEqual([]);
  await page.goBack();
  await expect(page.getByRole("button", { name: "Log ind", exact: true })).toBeVisible();
});

test("the page that was asked for comes after the sign-in", async ({ enter }) => {
  const page = await enter("nurse", "/find");
  await expect(page).toHaveURL(/\/find/);
});

test("the door is well made", async ({ browser, site }) => {
  for (const colorScheme of ["light", "dark"] as const) {
    const context = await browser.newContext({ baseURL: site.url, colorScheme });
    const page = await context.newPage();
    await page.goto("/");
    await look(page, `door-${colorScheme}`);
    await page.getByRole("button", { name: "Log ind", exact: true }).click();
    await expect(page.getByRole("button", { name: "Anna Nørgaard" })).toBeVisible();
    await look(page, `people-${colorScheme}`);
    await context.close();
  }
});

test("an expired sign-in is renewed without a word, and a lost one asks once", async ({ enter }) => {
  const page = await enter("specialist");
  const spoil = (refresh: boolean) =>
    page.evaluate((refresh) => {
      const key = Object.keys(localStorage).find((key) => key.startsWith("samspil.user:"));
      if (!key) throw new Error("nobody is signed in");
      const user = JSON.parse(localStorage.getItem(key) ?? "{}");
      user.expires_at = 1;
      if (refresh) user.refresh_token = "spoilt";
      localStorage.setItem(key, JSON.stringify(user));
    }, refresh);
  await spoil(false);
  await page.reload();
  await expect(page.getByText("Direkte")).toBeVisible();
  await spoil(true);
  await page.reload();
  await page.getByRole("button", { name: "Log ind igen" }).click();
  await page.getByRole("button", { name: "Søren Holm" }).click();
  await expect(page).toHaveURL(/\/queue/);
  await expect(page.getByText("Direkte")).toBeVisible();
});
