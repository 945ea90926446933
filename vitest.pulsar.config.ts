import { defineConfig } from "vitest/config";

/** The suites on a real Pulsar broker and real Pulsar SQL: `npm run test:pulsar`. */
export default defineConfig({
  test: {
    include: ["packages/**/*.pulsar.test.ts", "scripts/**/*.pulsar.test.ts"],
    globalSetup: ["scripts/pulsar/suite/provide-servers.ts"],
    pool: "forks",
    // One after another: they load the same broker.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
