import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = join(import.meta.dirname, "..", "docs", "decisions");
const pages = readdirSync(folder).toSorted();

test("decision pages are numbered from 1 without a gap, none twice", () => {
  expect(pages.map((page) => Number(page.slice(0, 4)))).toEqual(pages.map((_, index) => index + 1));
});

test.each(pages)("the title of %s has its number", (page) => {
  expect(readFileSync(join(folder, page), "utf8")).toMatch(new RegExp(`^# ${Number(page.slice(0, 4))}\\. `));
});
