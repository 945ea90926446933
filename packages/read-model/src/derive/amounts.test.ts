import { expect, test } from "vitest";
import { keptAmounts } from "./amounts.ts";

const numbers = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`n${i}`, i]));
const pathsOf = (json: string | undefined): string[] =>
  (JSON.parse(json ?? "[]") as [string, string][]).map(([path]) => path);

test("what stands least deep is kept first, and more than is kept is said to be there", () => {
  const { json, isCut } = keptAmounts("run", JSON.stringify({ details: numbers(60), total: 12 }));
  expect(isCut).toBe(true);
  expect(pathsOf(json)).toHaveLength(40);
  expect(pathsOf(json)[0]).toBe("run.total");
});

test("numbers that fit are all there is", () => {
  expect(keptAmounts("run", JSON.stringify(numbers(40)))).toMatchObject({ isCut: false });
  expect(keptAmounts("run", JSON.stringify(numbers(41)))).toMatchObject({ isCut: true });
  expect(keptAmounts("output", '"text"')).toEqual({ json: undefined, isCut: false });
  expect(keptAmounts("output", "{broken")).toEqual({ json: undefined, isCut: false });
  expect(keptAmounts("output", "1.50")).toEqual({ json: '[["output","1.50"]]', isCut: false });
});

test("what is too long or too deep to keep is said to be there", () => {
  expect(keptAmounts("run", JSON.stringify({ ["x".repeat(300)]: 1 }))).toEqual({
    json: undefined,
    isCut: true,
  });
  const deep = `${'{"a":'.repeat(20)}1${"}".repeat(20)}`;
  expect(keptAmounts("run", deep)).toEqual({ json: undefined, isCut: true });
  const long = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`${"x".repeat(120)}${i}`, i]));
  expect(keptAmounts("run", JSON.stringify(long)).isCut).toBe(true);
});
