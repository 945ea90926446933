import { expect, test } from "vitest";
import { layoutOf } from "./layout.ts";

test("a wide window has names beside their bars, and most of its width for time", () => {
  const { isStacked, labelWidth, trackWidth } = layoutOf(1_264);
  expect(isStacked).toBe(false);
  expect(labelWidth).toBe(264);
  expect(trackWidth).toBeGreaterThan(800);
});

test("a window of 768 pixels gives names less, and time more than names", () => {
  const { isStacked, labelWidth, trackWidth } = layoutOf(716);
  expect(isStacked).toBe(false);
  expect(trackWidth).toBeGreaterThan(labelWidth * 1.5);
});

test("a telephone has names above their bars, which have the whole width", () => {
  const { isStacked, trackLeft, trackWidth } = layoutOf(338);
  expect(isStacked).toBe(true);
  expect(trackLeft + trackWidth).toBe(338 - trackLeft);
});
