import { defineConfig } from "@playwright/test";
import { findBrowser } from "../.config/find-browser.ts";

/** Every test has its own server, database and mailbox, so they don't share anything but the machine. */
export default defineConfig({
  testDir: ".",
  outputDir: "../test-results/e2e",
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: "list",
  use: {
    launchOptions: { executablePath: findBrowser() },
    viewport: { width: 1280, height: 860 },
    locale: "en-GB",
    timezoneId: "UTC",
    trace: "retain-on-failure",
  },
});
