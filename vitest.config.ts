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
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
