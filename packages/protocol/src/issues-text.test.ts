import { expect, test } from "vitest";
import { issuesText } from "./issues-text.ts";

const issues = (count: number, message = "no") =>
  Array.from({ length: count }, (_, index) => ({ message, path: ["list", index] }));

test("ten things are said with their places, and how many there are besides", () => {
  expect(issuesText(issues(2))).toBe("✖ no\n  → at list[0]\n✖ no\n  → at list[1]");
  expect(issuesText(issues(10))).not.toContain("more");
  const twelve = issuesText(issues(12));
  expect(twelve.match(/✖/g)).toHaveLength(10);
  expect(twelve).toMatch(/list\[9\]\nand 2 more$/);
  expect(issuesText(issues(1_011))).toMatch(/\nand 1,001 more$/);
});

test("a text of 1,800 characters is whole, a longer one is cut there", () => {
  const said = (length: number) => issuesText([{ message: "x".repeat(length - 2), path: [] }]);
  expect(said(1_800)).toBe(`✖ ${"x".repeat(1_798)}`);
  expect(said(1_801)).toBe(`✖ ${"x".repeat(1_797)}…`);
  const split = issuesText([{ message: `${"x".repeat(1_796)}\u{1f3d4}\u{1f3d4}`, path: [] }]);
  expect(split.isWellFormed()).toBe(true);
});
