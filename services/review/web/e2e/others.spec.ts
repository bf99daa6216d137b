import { expect, look, test } from "./fixtures";
import { aCase } from "./seed";

const DAY_MS = 86_400_000;

test("a coordinator reads a case, and is offered nothing that she may not do", async ({ site, enter }) => {
  const { wound } = await aCase(site, [14, 0]);
  const page = await enter("coordinator", `/${wound}`);
  await expect(page.getByText("Heler såret, som det skal?")).toBeVisible();
  await expect(page.getByRole("row", { name: /Areal/ })).toContainText("bedre");
  for (const name of ["Tag sagen", "Tegn omrids", "Underskriv"])
    await expect(page.getByRole("button", { name })).toHaveCount(0);
  await look(page, "case-coordinator");
});

test("a GP, who takes part in the plan but not in the wound, is not told that there is one", async ({
  site,
  enter,
}) => {
  const { wound } = await aCase(site);
  const page = await enter("gp", `/${wound}`);
  await expect(page.getByRole("alert")).toContainText("Det findes ikke");
  await expect(page.getByText("Heler såret, som det skal?")).toHaveCount(0);
});

test("what is late says so, in its row and in all", async ({ site, enter }) => {
  await aCase(site);
  const page = await enter("specialist", "/about");
  // The page's clock goes on over a weekend: what is asked now is late there.
  await page.clock.setSystemTime(Date.now() + 5 * DAY_MS);
  await page.goto("/queue");
  const late = page.locator("[role=row][aria-selected]");
  await expect(late.first()).toContainText("over frist");
  await expect(page.getByText("1 over frist")).toBeVisible();
  await aCase(site);
  await expect(late).toHaveCount(2);
  await expect(page.getByText("2 over frist")).toBeVisible();
  await look(page, "queue-overdue");
});
