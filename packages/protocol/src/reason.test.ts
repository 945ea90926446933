import { expect, test } from "vitest";
import { z } from "zod";
import { reasonOf } from "./reason.ts";

const four = z.object({
  a: z.number("no number"),
  b: z.object({ c: z.number("no number") }),
  d: z.literal(1, "not 1"),
  e: z.literal(1, "not 1"),
});

test("a reason says where what is wrong, of the first three, and how many more there are", () => {
  const wrong = { a: "x", b: { c: "x" }, d: 2, e: 2 };
  expect(reasonOf(four.safeParse(wrong).error)).toBe("a: no number; b.c: no number; d: not 1; and 1 more");
  expect(reasonOf(four.safeParse({ ...wrong, e: 1 }).error)).toBe("a: no number; b.c: no number; d: not 1");
  expect(reasonOf(z.number("no number").safeParse("x").error)).toBe("no number");
});

test("anything that was thrown is a reason, of bounded length", () => {
  expect(reasonOf(new Error("broke"))).toBe("broke");
  expect(reasonOf("broke")).toBe("broke");
  expect(reasonOf("x".repeat(500))).toBe("x".repeat(500));
  expect(reasonOf("x".repeat(501))).toBe(`${"x".repeat(500)}…`);
});
