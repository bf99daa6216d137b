import { defineConfig } from "@playwright/test";

// `cargo xtask web test` sets what the tests need: the server's binary, photographs, and where screenshots go.
export default defineConfig({
  testDir: "e2e",
  // Two cores, and each test has a server and a browser.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  outputDir: "test-results",
  use: {
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        // In a container the sandbox has no rights to set itself up.
        "--no-sandbox",
        "--disable-gpu",
        // Nothing beyond this machine is asked for.
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        // A camera that shows a moving pattern, without asking.
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
      ],
    },
    locale: "da-DK",
    timezoneId: "Europe/Copenhagen",
    trace: "retain-on-failure",
    // A service worker would answer in the server's place when a test cuts the server off; those that want one say so.
    serviceWorkers: "block",
  },
});
