import { defineConfig } from "@playwright/test";
import base from "./playwright.config.ts";

/** On a real Pulsar broker and Pulsar SQL, which `npm run test:pulsar` starts and names in the environment. */
export default defineConfig({ ...base, testMatch: "pulsar/**/*.journey.ts" });
