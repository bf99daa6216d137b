import { defineConfig } from "@playwright/test";
import tests from "./playwright.config";

// `cargo xtask bench --only web`: the same browser, the release's server, one measurement after the other.
export default defineConfig({
  ...tests,
  testDir: "bench",
  timeout: 240_000,
  reporter: [["./bench/report.ts"]],
  use: { ...tests.use, trace: "off" },
});
