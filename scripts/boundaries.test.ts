import { spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";

const root = join(import.meta.dirname, "..");

/** Lints a file that does not exist but for the moment, so the real tree never breaks the rule. */
function lint(file: string, code: string): string {
  const folder = mkdtempSync(join(root, dirname(file), "boundary-"));
  try {
    writeFileSync(join(folder, "violation.ts"), code);
    const args = ["node_modules/@biomejs/biome/bin/biome", "lint", join(folder, "violation.ts")];
    const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    return `${stdout}${stderr}`.replace(/\s+/g, " ");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test.each([
  ["packages/domain/src/x.ts", 'export { z } from "zod";', "The domain is pure"],
  ["packages/domain/src/x.ts", "export const now = Date.now();", "The domain has no clock"],
  ["packages/engine/src/x.ts", 'export * from "@downbeat/embedded-log";', "never import an adapter"],
  ["packages/sdk/src/x.ts", 'export const x = import("@downbeat/pulsar");', "never import an adapter"],
  ["packages/sdk/src/connection/x.ts", 'export * from "@downbeat/pulsar";', "never import an adapter"],
  ["packages/sdk/src/testing/x.ts", 'export * from "@downbeat/embedded-log";', "never import an adapter"],
  ["packages/sdk/src/worker/x.ts", 'export * from "@downbeat/engine";', "know no engine"],
  [
    "apps/server/src/x.ts",
    'export * from "@downbeat/pulsar";',
    "Adapters are named only in an app's wiring.ts",
  ],
  ["packages/embedded-log/src/x.ts", 'export * from "@downbeat/pulsar";', "An adapter never imports another"],
  ["packages/pulsar/src/x.ts", 'export * from "@downbeat/embedded-log";', "An adapter never imports another"],
  ["apps/engine/src/x.ts", 'export * from "@downbeat/cluster/setup";', "named only in an app's wiring.ts"],
  [
    "apps/server/src/x.ts",
    'export * from "@downbeat/cold-history/pulsar-sql";',
    "named only in an app's wiring.ts",
  ],
  ["packages/api/src/x.ts", 'export * from "@downbeat/cold-history/pulsar-sql";', "never import an adapter"],
  [
    "packages/cold-history/src/port/x.ts",
    'export * from "../../pulsar-sql/sql.ts";',
    "never import an adapter",
  ],
  ["apps/web/x.ts", 'export * from "@downbeat/engine";', "The dashboard speaks to the server only"],
  ["apps/web/x.ts", 'export * from "@downbeat/access";', "The dashboard speaks to the server only"],
  ["packages/read-model/src/x.ts", "export const home = process.env.HOME;", "noProcessEnv"],
])("in %s, `%s` is refused with a reason", (file, code, reason) => {
  expect(lint(file, code)).toContain(reason);
});

const manifest = z.object({ name: z.string(), dependencies: z.record(z.string(), z.string()).default({}) });

test("no package depends on one that depends on it", () => {
  const uses = new Map(
    globSync("{packages,apps}/*/package.json", { cwd: root })
      .map((path) => manifest.parse(JSON.parse(readFileSync(join(root, path), "utf8"))))
      .map(({ name, dependencies }) => [name, Object.keys(dependencies)]),
  );
  const circles = (name: string, path: readonly string[]): string[] =>
    path.includes(name)
      ? [[...path.slice(path.indexOf(name)), name].join(" > ")]
      : (uses.get(name) ?? []).flatMap((used) => circles(used, [...path, name]));
  expect(uses.size).toBeGreaterThan(10);
  expect([...uses.keys()].flatMap((name) => circles(name, []))).toEqual([]);
});

test("nothing that is published declares by `using`: for Node 22 it would be written with a helper from a package that nobody installs", () => {
  const sources = globSync("{apps,packages}/*/src/**/*.ts", { cwd: root }).filter(
    (file) => !/\.test\.ts$|\/test\/|^packages\/testing\//.test(file),
  );
  expect(sources.length).toBeGreaterThan(500);
  const declares = /^\s*(?:await )?using \w+ =/m;
  expect(sources.filter((file) => declares.test(readFileSync(join(root, file), "utf8")))).toEqual([]);
});

test("no source file is longer than one can keep in one's head", () => {
  const longest = 400;
  const long = globSync("{packages,apps}/**/*.{ts,tsx}", { cwd: root })
    .filter((path) => !/node_modules|\.next|\.cache|\/tests?\/|\.test\.tsx?$/.test(path))
    .filter((path) => readFileSync(join(root, path), "utf8").split("\n").length > longest);
  expect(long).toEqual([]);
});
