import fc from "fast-check";
import { expect, test } from "vitest";
import { readZoom, writeZoom } from "./zoom-range.ts";

test("a stretch in an address is what was on the screen, to the millisecond", () => {
  fc.assert(
    fc.property(fc.nat(10_000_000), fc.integer({ min: 1, max: 10_000_000 }), (offset, length) => {
      const startedAt = 1_790_000_000_000;
      const view = { from: startedAt + offset, to: startedAt + offset + length };
      expect(readZoom(writeZoom(view, startedAt), startedAt)).toEqual(view);
    }),
  );
  expect(writeZoom({ from: 10.4, to: 10.6 }, 0)).toBe("10-11");
});

test("what is no stretch is none", () => {
  for (const text of [
    undefined,
    "",
    "5",
    "5-5",
    "9-3",
    "-5-9",
    "1.5-2",
    "a-b",
    "1-2-3",
    `1-${"9".repeat(16)}`,
  ])
    expect(readZoom(text, 0)).toBeUndefined();
});
