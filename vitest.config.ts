import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "packages/**/*.test.ts",
      "docs/**/*.test.ts",
      "apps/**/*.test.{ts,tsx}",
      "scripts/**/*.test.ts",
    ],
    exclude: ["**/node_modules/**", "**/.next/**", "**/*.pulsar.test.ts", "apps/create/templates/**"],
    pool: "forks",
    maxWorkers: 2,
    setupFiles: ["scripts/lib/say-causes.ts"],
    // Only ends what hangs: nothing is timed in a test, and a machine may be busy with other work.
    testTimeout: 90_000,
    hookTimeout: 90_000,
  },
});
