import { defineConfig } from "@playwright/test";
import { chromiumOptions } from "./support/chromium.ts";

export default defineConfig({
  testDir: ".",
  testMatch: "**/*.e2e.ts",
  workers: 1,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  outputDir: "../test-results",
  use: {
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
    launchOptions: chromiumOptions,
  },
});
