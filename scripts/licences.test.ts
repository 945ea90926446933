import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { noticeOf } from "./pack/notice.ts";
import { bundledSoftware } from "./pack/third-party.ts";

const root = join(import.meta.dirname, "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const manifests = globSync(["package.json", "{apps,packages}/*/package.json", "e2e/package.json"], {
  cwd: root,
});

/** Whoever passes our packages on needs nothing but to keep these texts. */
// OFL-1.1 is for typefaces: they may be passed on within other software, not sold by themselves.
const permissive = ["OFL-1.1", "MIT", "ISC", "0BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0"];

test("LICENSE is the whole Apache License 2.0", () => {
  const text = read("LICENSE");
  expect(text.trimStart()).toMatch(/^Apache License\s+Version 2\.0, January 2004/);
  expect(text).toContain("APPENDIX: How to apply the Apache License to your work.");
});

test.each(manifests)("%s names the licence", (file) => {
  expect(JSON.parse(read(file))).toMatchObject({ license: "Apache-2.0" });
});

test("NOTICE names what is bundled, with its licences; `npm run notice` writes it again", () => {
  expect(read("NOTICE")).toBe(noticeOf(bundledSoftware(root)));
});

test("nothing is bundled whose licence asks for more than to be quoted", () => {
  expect(bundledSoftware(root).filter(({ license }) => !permissive.includes(license))).toEqual([]);
});
