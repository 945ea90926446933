import fc from "fast-check";
import { expect, test } from "vitest";
import { type Aligned, alignSteps } from "./align-steps.ts";

const read = (aligned: readonly Aligned<string>[]) =>
  aligned.map(({ left = "–", right = "–" }) => `${left}/${right}`).join(" ");
const name = (item: string): string => item;

test("a step that one of two runs lacks moves none of the others", () => {
  expect(read(alignSteps(["pay", "hotel", "mail"], ["check", "pay", "mail"], name))).toBe(
    "–/check pay/pay hotel/– mail/mail",
  );
  expect(read(alignSteps([], ["pay"], name))).toBe("–/pay");
  expect(read(alignSteps(["noop", "noop", "end"], ["noop", "noop", "noop", "end"], name))).toBe(
    "noop/noop noop/noop –/noop end/end",
  );
});

test("whatever the steps, each is there once, in its order, and only beside one of its name; as many as can be are beside one", () => {
  const steps = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 12 });
  fc.assert(
    fc.property(steps, steps, (left, right) => {
      const aligned = alignSteps(left, right, name);
      expect(aligned.flatMap((pair) => (pair.left === undefined ? [] : [pair.left]))).toEqual(left);
      expect(aligned.flatMap((pair) => (pair.right === undefined ? [] : [pair.right]))).toEqual(right);
      const together = aligned.filter((pair) => pair.left !== undefined && pair.right !== undefined);
      for (const pair of together) expect(pair.left).toBe(pair.right);
      expect(together.length).toBe(longest(left, right));
    }),
  );
});

test("two long runs that share no beginning are aligned by the number of each name", () => {
  const left = ["only left", ...Array.from({ length: 2_500 }, () => "noop"), "end left"];
  const right = ["only right", ...Array.from({ length: 2_600 }, () => "noop"), "end right"];
  const aligned = alignSteps(left, right, name);
  expect(aligned.filter((pair) => pair.left === "noop" && pair.right === "noop")).toHaveLength(2_500);
  expect(aligned.filter((pair) => pair.left === undefined)).toHaveLength(102);
});

function longest(left: readonly string[], right: readonly string[]): number {
  const known = new Map<string, number>();
  return go(left, right);
  function go(x: readonly string[], y: readonly string[]): number {
    const key = `${x.length}/${y.length}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const [first, ...xs] = x;
    const [second, ...ys] = y;
    let found = 0;
    if (first !== undefined && second !== undefined)
      found = first === second ? 1 + go(xs, ys) : Math.max(go(xs, y), go(x, ys));
    known.set(key, found);
    return found;
  }
}
