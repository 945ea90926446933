import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { docs } from "./pages.ts";

const root = join(docs, "..");
const page = await readFile(join(docs, "hardening.md"), "utf8");
const testFile = /`((?:apps|packages|scripts|e2e)\/[^`]+\.(?:test|e2e)\.ts)`/g;

test("what was tried is numbered without a gap, and each row names what holds it", () => {
  const rows = [...page.matchAll(/^\| (\d+) \|(.*)\|$/gm)];
  expect(rows.map(([, number]) => Number(number))).toEqual(rows.map((_, index) => index + 1));
  expect(rows.length).toBeGreaterThan(20);
  const without = rows.filter(([, , text = ""]) => !text.match(testFile) && !text.includes("no test:"));
  expect(without.map(([, number]) => number)).toEqual([]);
});

test("every test that is named is there", () => {
  const named = [...page.matchAll(testFile)].map(([, path = ""]) => path);
  expect(named.length).toBeGreaterThan(60);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
