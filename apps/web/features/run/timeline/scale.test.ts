import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { foldWidth, pan, timeScale, zoom } from "./scale.ts";

describe("a time scale", () => {
  test("has real proportions", () => {
    const scale = timeScale(1_000, 3_000, 400);
    expect([1_000, 1_500, 3_000].map(scale.x)).toEqual([0, 100, 400]);
    expect(scale.time(100)).toBe(1_500);
  });

  test("goes on beyond its ends at the same pace", () => {
    const scale = timeScale(1_000, 3_000, 400);
    expect(scale.x(500)).toBe(-100);
    expect(scale.x(4_000)).toBe(600);
  });

  test("draws a fold narrow and gives the rest its room", () => {
    const scale = timeScale(0, 10_000, 226, [{ from: 1_000, to: 9_000 }]);
    expect(scale.x(1_000)).toBe(100);
    expect(scale.x(9_000)).toBe(100 + foldWidth);
    expect(scale.x(10_000)).toBe(226);
    expect(scale.folds).toEqual([
      expect.objectContaining({ from: 1_000, to: 9_000, x: 100, width: foldWidth }),
    ]);
  });

  test("cuts a fold at the edge of what is shown, and leaves out one beyond it", () => {
    const scale = timeScale(0, 1_000, 100, [
      { from: 500, to: 5_000 },
      { from: 7_000, to: 8_000 },
    ]);
    expect(scale.folds).toHaveLength(1);
    expect(scale.x(1_000)).toBe(100);
  });

  test("is monotonous and turns back what it made, whatever is folded", () => {
    const folds = fc
      .uniqueArray(fc.integer({ min: 0, max: 99_999 }), { minLength: 0, maxLength: 12 })
      .map((times) => times.toSorted((one, other) => one - other))
      .map((times) =>
        times.flatMap((from, index) =>
          index % 2 === 0 && times[index + 1] !== undefined ? [{ from, to: times[index + 1] ?? from }] : [],
        ),
      );
    fc.assert(
      fc.property(
        folds,
        fc.integer({ min: 0, max: 100_000 }),
        fc.integer({ min: 0, max: 100_000 }),
        (list, one, other) => {
          const scale = timeScale(0, 100_000, 1_200, list);
          const [early, late] = one < other ? [one, other] : [other, one];
          expect(scale.x(early)).toBeLessThanOrEqual(scale.x(late) + 1e-6);
          expect(scale.time(scale.x(one))).toBeCloseTo(one, 3);
        },
      ),
    );
  });

  test("of no length does not divide by zero", () => expect(timeScale(5, 5, 100).x(5)).toBe(0));
});

describe("zooming and panning", () => {
  const whole = { from: 0, to: 1_000 };

  test("keep the time under the pointer in its place", () => {
    const view = zoom(whole, whole, 250, 0.5);
    expect(view).toEqual({ from: 125, to: 625 });
    expect((250 - view.from) / (view.to - view.from)).toBe(0.25);
  });

  test("never leave the whole", () => {
    expect(zoom({ from: 125, to: 625 }, whole, 600, 10)).toEqual(whole);
    expect(pan({ from: 0, to: 100 }, whole, -50)).toEqual({ from: 0, to: 100 });
    expect(pan({ from: 850, to: 950 }, whole, 500)).toEqual({ from: 900, to: 1_000 });
  });

  test("end at a few milliseconds", () =>
    expect(zoom(whole, whole, 500, 0.0001).to - zoom(whole, whole, 500, 0.0001).from).toBe(5));
});
