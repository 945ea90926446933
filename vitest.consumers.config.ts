import { defineConfig } from "vitest/config";

/** Projects outside this repository that use what is published: `npm test -- --consumers`. */
export default defineConfig({
  test: {
    include: ["scripts/consumers/*.consumers.ts"],
    pool: "forks",
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
