import { existsSync, globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { docs } from "./pages.ts";

const root = join(docs, "..");
const testFile = /`((?:apps|packages|scripts|e2e|docs)\/[^`]+\.(?:test|e2e)\.ts)`/g;
const asvs = await readFile(join(docs, "security", "asvs.md"), "utf8");
const written = globSync("security{,/*}.md", { cwd: docs });

test("every test that a page of security names is there", async () => {
  const texts = await Promise.all(written.map((path) => readFile(join(docs, path), "utf8")));
  const named = texts.flatMap((text) => Array.from(text.matchAll(testFile), ([, path = ""]) => path));
  expect(named.length).toBeGreaterThan(100);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test("each of ASVS's seventeen chapters is judged, in a state that there is, and what is met says by what", () => {
  const chapters = [...asvs.matchAll(/^## V(\d+) /gm)].map(([, number]) => Number(number));
  expect(chapters).toEqual(Array.from({ length: 17 }, (_, index) => index + 1));
  const rows = [...asvs.matchAll(/^\| (\d[^|]*) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$/gm)];
  expect(rows.length).toBeGreaterThan(100);
  for (const [, number = "", , state = "", reason = ""] of rows) {
    expect(["met", "open", "not applicable"], number).toContain(state);
    expect(reason.trim(), number).not.toBe("");
  }
});

test("every section that ASVS has at level 2 is there", () => {
  const sections: Readonly<Record<number, number>> = {
    1: 5,
    2: 4,
    4: 4,
    5: 4,
    8: 4,
    9: 2,
    11: 6,
    12: 3,
    13: 4,
    14: 3,
    15: 3,
    16: 5,
  };
  const texts = asvs.split(/^## V\d+ /m);
  for (const [chapter, count] of Object.entries(sections))
    for (let section = 1; section <= count; section++)
      expect(texts[Number(chapter)], `${chapter}.${section}`).toMatch(
        new RegExp(`(?<![\\d.])${chapter}\\.${section}(?!\\d)`),
      );
});
