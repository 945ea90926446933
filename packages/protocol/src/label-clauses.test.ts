import { expect, test } from "vitest";
import { labelClauses } from "./label-clauses.ts";

const gold = { key: "tier", test: "is", value: "gold" };
const problem = (clauses: unknown, most = 5) =>
  labelClauses(most).safeParse(clauses).error?.issues[0]?.message;

test("conditions are of a label, and compare with what can be compared", () => {
  expect(problem([[gold, { ...gold, not: true }], [{ key: "region", test: "exists" }]])).toBeUndefined();
  expect(problem([[{ key: "amount", test: "above", value: "100" }]])).toBeUndefined();
  expect(problem([[{ key: "amount", test: "above", value: "much" }]])).toContain("compare with a number");
  expect(problem([[{ key: "region", test: "exists", value: "eu" }]])).toBe("exists takes no value");
  expect(problem([[{ key: "tier", test: "is" }]])).toBe("say what it is compared with");
  for (const odd of [
    { ...gold, key: "" },
    { ...gold, key: "x".repeat(61) },
    { ...gold, value: "x".repeat(201) },
  ])
    expect(problem([[odd]])).toBeDefined();
  expect(problem([[{ ...gold, key: "x".repeat(60), value: "x".repeat(200) }]])).toBeUndefined();
});

test("they are no more than are looked through", () => {
  const clauses = (count: number, each = 1) => Array.from({ length: count }, () => Array(each).fill(gold));
  expect(problem(clauses(5))).toBeUndefined();
  expect(problem(clauses(6))).toBe("at most 5 conditions that all have to hold");
  expect(problem([[]])).toBeDefined();
  expect(problem(clauses(1, 20))).toBeUndefined();
  expect(problem(clauses(1, 21))).toBeDefined();
  expect(problem(clauses(1, 21), 10)).toBeDefined();
  expect(problem(clauses(2, 10))).toBeUndefined();
  expect(problem([...clauses(2, 10), [gold]])).toBe("at most 20 conditions in all");
});
