import type { Page } from "@playwright/test";
import { expect, look, test } from "./fixtures";
import { aCase } from "./seed";

/** Danish that a page in English would not have. What people wrote, and names, are as they are. */
const DANISH = /\b(ikke|og|eller|såret|sår|besøg\w*|borger\w*|svar\w*|billede\w*|fra|til|uden)\b/gi;
const WRITTEN =
  /Heler såret, som det skal\?|Hedensted Kommune, Hjemmesygeplejen|Regionshospitalet Horsens, Sårambulatoriet|^Borger(?=$|: account)/gm;

/** Everything that a page shows or tells a screen reader. */
async function told(page: Page): Promise<string> {
  return page.evaluate(() => {
    // biome-ignore lint/performance/useDomNodeTextContent: only what can be seen
    const told = [document.title, document.body.innerText];
    for (const element of document.querySelectorAll("[aria-label],[title],[placeholder],[alt]"))
      for (const name of ["aria-label", "title", "placeholder", "alt"])
        told.push(element.getAttribute(name) ?? "");
    return told.join("\n");
  });
}

test("every page is English for somebody whose browser is", async ({ site, enter }) => {
  const { wound, patient } = await aCase(site, [14, 0]);
  const pages = [
    ["specialist", "/queue", "Queue"],
    ["specialist", `/${wound}`, "Findings"],
    ["specialist", `/${wound}/story`, "Story"],
    ["specialist", `/${wound}/print`, "Print"],
    ["nurse", "/home", "Citizens"],
    ["nurse", "/find", "Find"],
    ["nurse", "/outbox", "Outbox"],
    ["nurse", `/${patient}`, "Consent"],
    ["nurse", `/${patient}/new-wound`, "wound"],
    ["nurse", `/${wound}/visit`, "Length"],
    ["citizen", "/record", "Opened a wound"],
  ] as const;
  for (const who of ["specialist", "nurse", "citizen"] as const) {
    const page = await enter(who === "citizen" ? { citizen: patient } : who, "/about", { locale: "en-GB" });
    for (const [of, path, seen] of pages) {
      if (of !== who) continue;
      await page.goto(path);
      await expect(page.locator("html")).toHaveAttribute("lang", "en");
      await expect(page.getByText(seen).first()).toBeVisible();
      await expect(page.getByRole("progressbar")).toHaveCount(0);
      const left = (await told(page)).replaceAll(WRITTEN, "").match(DANISH);
      expect(left, `${path} says`).toBeNull();
    }
    await look(page, `english-${who}`);
  }
});
