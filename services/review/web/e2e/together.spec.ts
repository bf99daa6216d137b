import { expect, look, test } from "./fixtures";
import { aCase, photographs } from "./seed";

// The story that everything is there for: a nurse in the patient's home and a specialist at a desk, at the same time.
test("a nurse asks from her phone, a specialist answers from a desk, and both see it happen", async ({
  enter,
  site,
}) => {
  test.setTimeout(180_000);
  // What was before: two visits, and an answer that is read.
  const before = await aCase(site, [35, 14]);
  await site.as("nurse").wounds.closeAssessment({
    name: before.assessment.name,
    reason: "Svar givet i telefonen",
    requestId: crypto.randomUUID(),
  });

  const specialist = await enter("specialist");
  await expect(specialist.getByText("Direkte")).toBeVisible();
  const nurse = await enter("nurse", `/${before.wound}/visit`);

  // She photographs, measures, and asks.
  const picture = photographs()[2];
  if (!picture) throw new Error("there are too few photographs");
  await nurse
    .locator("input[type=file]")
    .setInputFiles({ name: "x.jpg", mimeType: "image/jpeg", buffer: picture });
  await expect(nurse.getByRole("img", { name: "Billede 1" })).toBeVisible();
  await nurse.getByLabel("Længde (mm)").fill("31");
  await nurse.getByLabel("Bredde (mm)").fill("22");
  await nurse.getByRole("radio", { name: "Ja, spørg" }).check();
  await nurse.getByLabel("Hvad vil du vide?").fill("Kan vi gå over til silikonebandage?");
  await expect(nurse.getByLabel("Hospital")).toHaveValue(/organisations/);
  await expect(nurse.getByText("Gemt", { exact: true })).toBeVisible();
  await look(nurse, "together-nurse-visit");
  await nurse.getByRole("button", { name: "Afslut og send" }).click();
  await nurse.getByRole("button", { name: "Send alligevel" }).click();
  await expect(nurse.getByText("Alt er sendt.")).toBeVisible();

  // It is in the specialist's queue without a reload; one key takes it, another opens it.
  const row = specialist.locator("[role=row]", { hasText: "Kan vi gå over til silikonebandage?" });
  await expect(row).toBeVisible();
  await row.click();
  await expect(specialist).toHaveURL(/assessment=/);
  await specialist.getByRole("button", { name: "Tag sagen" }).click();
  await specialist.getByRole("textbox", { name: "Fund" }).fill("Pæn granulation, mindre end sidst.");
  await specialist.getByRole("button", { name: "Tilføj linje" }).click();
  await specialist.keyboard.type("Silikonebandage, skift hver 3. dag");
  await expect(specialist.getByText("Kladde gemt")).toBeVisible();
  await expect(specialist.locator("canvas").first()).toBeVisible();
  await look(specialist, "together-specialist-case");
  await specialist.keyboard.press("Control+Enter");
  await specialist.getByRole("button", { name: "Underskriv", exact: true }).click();
  await expect(specialist.getByText(/^Underskrevet af Søren Holm/)).toBeVisible();

  // The answer reaches her where she is.
  await nurse.getByRole("link", { name: "Borgere" }).click();
  await expect(nurse.getByText("Der er svar om Inger Prøvesen")).toBeVisible();
  await nurse.getByRole("link", { name: "Åbn svaret" }).click();
  await expect(nurse.getByText("Pæn granulation, mindre end sidst.")).toBeVisible();
  await expect(nurse.getByText(/Søren Holm, Regionshospitalet/)).toBeVisible();
  await look(nurse, "together-nurse-answer");

  // The care plan knows, and one trace tells who did what.
  await expect(async () => {
    const plan = await site.as("nurse").plans.getCarePlan({ name: `${before.patient}/carePlan` });
    expect(plan.activities.map((one) => one.description)).toContain("Silikonebandage, skift hver 3. dag");
  }).toPass();
  await specialist.goto(`/${before.wound}/story`);
  await expect(specialist.getByRole("treeitem", { name: /Anna Nørgaard/ }).first()).toBeVisible();
  await specialist.getByRole("tree").focus();
  await specialist.keyboard.press("End");
  await expect(specialist.getByRole("treeitem", { name: /Søren Holm/ }).last()).toBeVisible();
  await look(specialist, "together-story");
});
