/** A server for each test, and people who sign in to it. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { type Browser, type BrowserContext, test as base, expect, type Page } from "@playwright/test";
import { type Citizen, Site, type Who } from "./site";

export { expect };

/** What the people are called, as the sign-in page lists them. */
const names: Record<Who, string> = {
  nurse: "Anna Nørgaard",
  specialist: "Søren Holm",
  specialist2: "Mette Lund",
  other_specialist: "Lise Bak",
  coordinator: "Ole Friis",
  gp: "Karen Dahl",
  outsider: "Jens Krog",
};

const desktop = { viewport: { width: 1440, height: 900 } };
/** A phone of the size that most have. */
export const phone = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
};

type Options = Parameters<Browser["newContext"]>[0];

interface Fixtures {
  /** A server with nothing in it. */
  site: Site;
  /** A browser with somebody signed in, at the address: a phone for a nurse, a desktop for everybody else. */
  enter: (who: Who | Citizen, path?: string, options?: Options) => Promise<Page>;
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are needed from the pattern
  site: async ({}, use) => {
    const site = new Site();
    await site.start();
    await use(site);
    await site.close();
  },
  enter: async ({ browser, site }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (who, path = "/", options = {}) => {
      const device = who === "nurse" || who === "outsider" ? phone : desktop;
      const context = await browser.newContext({ baseURL: site.url, ...device, ...options });
      contexts.push(context);
      const page = await context.newPage();
      watchConsole(page);
      await page.goto(path);
      await signIn(page, who);
      return page;
    });
    for (const context of contexts) await context.close();
  },
});

/** Signs in on the page that is open, in Danish or English, and waits until the tool is there. */
export async function signIn(page: Page, who: Who | Citizen): Promise<void> {
  await page.getByRole("button", { name: /^(Log ind|Sign in)$/ }).click();
  if (typeof who === "string") await page.getByRole("button", { name: names[who] }).click();
  else {
    await page.getByLabel(/^Borgerens id/).fill(who.citizen);
    await page.getByRole("button", { name: /^Borger/ }).click();
  }
  await expect(page.getByRole("navigation", { name: /^(Hovedmenu|Main menu)$/ })).toBeVisible();
}

const faults = new WeakMap<Page, string[]>();

/** What the browser complains of: policies that were broken, exceptions that nobody caught. */
function watchConsole(page: Page): void {
  const said: string[] = [];
  faults.set(page, said);
  page.on("pageerror", (error) => said.push(String(error)));
  page.on("console", (message) => {
    if (/Content Security Policy|Refused to/i.test(message.text())) said.push(message.text());
  });
}

/** Looks at a screen: no serious finding of axe, nothing that the browser complains of, and a picture kept. */
export async function look(page: Page, name: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  const shots = process.env.SAMSPIL_SHOTS ?? "test-results/screenshots";
  mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: join(shots, `${name}.png`) });
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"])
    .analyze();
  const grave = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  expect(grave.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
  expect(faults.get(page) ?? []).toEqual([]);
}
