// Draws the icons that phones want as PNG from public/icon.svg. Run it after the SVG has changed: `npm run icons`.
import { readFileSync } from "node:fs";
import { chromium } from "@playwright/test";

const svg = readFileSync("public/icon.svg", "utf8");
// A maskable icon is cut to any shape: the drawing keeps to the middle four fifths, and the ground fills the rest.
const maskable = svg
  .replace('rx="14" ', "")
  .replace('viewBox="0 0 64 64"', 'viewBox="0 0 64 64" class="all"');

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const page = await browser.newPage();
for (const [name, side, picture] of [
  ["icon-180", 180, maskable],
  ["icon-192", 192, svg],
  ["icon-512", 512, svg],
  ["icon-maskable-512", 512, maskable],
]) {
  await page.setViewportSize({ width: side, height: side });
  await page.setContent(`<style>*{margin:0}svg{display:block;width:100vw;height:100vh}</style>${picture}`);
  await page.screenshot({ path: `public/${name}.png`, omitBackground: true });
}
await browser.close();
