import { execFile } from "node:child_process";
import { existsSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const docs = join(import.meta.dirname, "..", "..", "docs");
const site = mkdtempSync(join(tmpdir(), "downbeat-site-"));
const buildMs = 280_000;

/** What `npm run docs` does, into a folder of its own. VitePress fails on a link that leads nowhere. */
beforeAll(async () => {
  const vitepress = createRequire(join(docs, "package.json")).resolve("vitepress/package.json");
  const run = async (...args: readonly string[]) =>
    promisify(execFile)(process.execPath, [...args], { cwd: docs, timeout: buildMs }).catch(
      ({ code, signal, stdout, stderr }) => {
        throw new Error(`The site could not be built: it ended with ${signal ?? code}.\n${stdout}${stderr}`);
      },
    );
  await run("reference.ts");
  await run(join(dirname(vitepress), "bin", "vitepress.js"), "build", ".", "--outDir", site);
}, buildMs);
afterAll(() => rmSync(site, { recursive: true, force: true }));

test("each page that people write is on the site", () => {
  const pages = globSync("{*,decisions/*}.md", { cwd: docs });
  expect(pages.length).toBeGreaterThan(40);
  expect(pages.filter((page) => !existsSync(join(site, page.replace(/\.md$/, ".html"))))).toEqual([]);
});

test.each([
  "index/functions/workflow",
  "index/functions/connect",
  "index/interfaces/Logger",
  "worker/functions/worker",
  "client/functions/client",
  "http/functions/httpJobs",
  "testing/functions/testEnvironment",
])("the API reference has %s", (page) => {
  expect(existsSync(join(site, "reference", `${page}.html`))).toBe(true);
});
