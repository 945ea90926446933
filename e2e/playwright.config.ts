import { defineConfig } from "@playwright/test";
import { chromiumOptions } from "./support/chromium.ts";

export default defineConfig({
  testDir: ".",
  testMatch: "**/*.e2e.ts",
  workers: 1,
  timeout: 180_000,
  // In CI a race doesn't hold up what it has nothing to do with: what passed at its second try is named at the end.
  retries: process.env.CI === undefined ? 0 : 1,
  expect: { timeout: 40_000 },
  outputDir: "../test-results",
  use: {
    // Emptied between tests, but with the pages' code compiled: a fifth of the time of a test.
    reuseContext: true,
    viewport: { width: 1440, height: 900 },
    // Traces take a fifth of the time of a test; `--trace retain-on-failure` keeps them.
    trace: "off",
    launchOptions: chromiumOptions,
  },
});
