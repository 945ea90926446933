import { defineConfig } from "@playwright/test";
import base from "./playwright.config.ts";

/** On a real Pulsar broker and Pulsar SQL, which `npm run test:pulsar` starts and names in the environment; one journey after another, as they load the same broker. */
export default defineConfig({ ...base, workers: 1, testMatch: "pulsar/**/*.journey.ts" });
