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
    // One more than the cores of a small machine: many tests wait for processes, a sixth of the time for nothing else.
    maxWorkers: 3,
    setupFiles: ["scripts/lib/say-causes.ts"],
    // Only ends what hangs: nothing is timed in a test, and a machine may be busy with other work.
    testTimeout: 90_000,
    hookTimeout: 90_000,
  },
});
