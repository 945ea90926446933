import { expect, test } from "vitest";
import { z } from "zod";
import { eachOnce } from "./each-once.ts";
import { issuesText } from "./issues-text.ts";
import { reasonOf } from "./reason.ts";

const error = "it is a whole number from 1 to 9";
const rule = z.number({ error }).int({ error }).min(1, { error }).max(9, { error });
const { issues = [] } = z.object({ a: rule, b: rule }).safeParse({ a: 1e308, b: -1e308 }).error ?? {};

test("of each place the same is said once", () => {
  expect(issues.length).toBeGreaterThan(2);
  expect(eachOnce(issues).map(({ path }) => path)).toEqual([["a"], ["b"]]);
  expect(issuesText(issues)).toBe(`✖ ${error}\n  → at a\n✖ ${error}\n  → at b`);
  expect(reasonOf(new z.ZodError(issues))).toBe(`a: ${error}; b: ${error}`);
});

test("different things of one place are said, and the same of different places", () => {
  const said = [
    { message: "x", path: ["a", 1] },
    { message: "y", path: ["a", 1] },
    { message: "x", path: ["a", 2] },
    { message: "x", path: [] },
  ];
  expect(eachOnce(said)).toEqual(said);
});
