import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { docs } from "./pages.ts";

const root = join(docs, "..");
const page = await readFile(join(docs, "hardening.md"), "utf8");
const testFile = /`((?:apps|packages|scripts|e2e)\/[^`]+\.(?:test|e2e)\.ts)`/g;

test("what was tried is numbered without a gap, and of each it is said what holds it", () => {
  const rows = [...page.matchAll(/^\| (\d+) \|/gm)].map(([, number]) => Number(number));
  expect(rows).toEqual(rows.map((_, index) => index + 1));
  expect(rows.length).toBeGreaterThan(20);
  const held = [...page.matchAll(/^- \*\*(\d+)\*\*: (.*)$/gm)].filter(
    ([, , by = ""]) => by.match(testFile) !== null || by.startsWith("no test:"),
  );
  expect(held.map(([, number]) => Number(number))).toEqual(rows);
});

test("every test that is named is there", () => {
  const named = [...page.matchAll(testFile)].map(([, path = ""]) => path);
  expect(named.length).toBeGreaterThan(60);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
