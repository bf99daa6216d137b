import { codes } from "../src/nurse/camera/card/codes";
import { expect, look, test } from "./fixtures";
import { aCase } from "./seed";

test("while she aims, the nurse is told whether the marker card is in the picture", async ({
  site,
  enter,
}) => {
  const { wound } = await aCase(site);
  const page = await enter("nurse", "/about");
  // A camera that sees skin, and on it from some moment on a card.
  await page.addInitScript(
    (code) => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [1280, 960];
      const pen = canvas.getContext("2d");
      const paint = () => {
        if (!pen) return;
        pen.resetTransform();
        pen.fillStyle = "#a8705c";
        pen.fillRect(0, 0, 1280, 960);
        if (!document.documentElement.dataset.card) return;
        pen.translate(820, 480);
        pen.rotate(0.3);
        pen.fillStyle = "#ece9e2";
        pen.fillRect(-150, -150, 300, 400);
        for (let at = 0; at < 64; at++) {
          const [column, row] = [at % 8, Math.floor(at / 8)];
          const inside = column % 7 !== 0 && row % 7 !== 0;
          const white = inside && code[(row - 1) * 6 + column - 1] === "1";
          pen.fillStyle = white ? "#ece9e2" : "#161618";
          pen.fillRect(column * 24 - 96, row * 24 - 96, 24, 24);
        }
      };
      setInterval(paint, 50);
      navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(20);
    },
    (codes[12] ?? 0).toString(2).padStart(36, "0"),
  );
  await page.goto(`/${wound}/visit`);
  await page.getByRole("button", { name: "Tag billede" }).click();
  await expect(page.getByText("Intet målekort i billedet")).toBeVisible();
  await page.evaluate(() => {
    document.documentElement.dataset.card = "there";
  });
  await expect(page.getByText("Målekort nr. 12 er med")).toBeVisible();
  await look(page, "camera-card");
  await page.evaluate(() => {
    delete document.documentElement.dataset.card;
  });
  await expect(page.getByText("Intet målekort i billedet")).toBeVisible();
});
