import { expect, test } from "vitest";
import { timeScale } from "./scale.ts";
import { ticksOf } from "./ticks.ts";

const start = Date.UTC(2026, 10, 23, 14, 0, 0);
const labels = (span: number, width: number) =>
  ticksOf(timeScale(start, start + span, width), start, 0).map(({ label }) => label);

test("a short run is measured from its start, in round steps", () => {
  expect(labels(2_400, 600)).toEqual(["start", "500 ms", "1 s", "1.5 s", "2 s"]);
  expect(labels(90_000, 400)).toEqual(["start", "30 s", "1 min", "1 min 30 s"]);
});

test("a long one goes by the clock, days starting at local midnight", () => {
  const zone = 9 * 3_600_000;
  const ticks = ticksOf(timeScale(start, start + 4 * 86_400_000, 500), start, zone);
  expect(ticks.length).toBeGreaterThanOrEqual(3);
  const first = start + ((ticks[0]?.x ?? 0) / 500) * 4 * 86_400_000;
  expect((first + zone) % 86_400_000).toBeCloseTo(0, -2);
});

test("labels never run into each other, not even around folds", () => {
  const scale = timeScale(start, start + 600_000, 900, [{ from: start + 2_000, to: start + 598_000 }]);
  const ticks = ticksOf(scale, start, 0);
  for (const [index, tick] of ticks.entries()) {
    const before = ticks[index - 1];
    if (before !== undefined) expect(tick.x - before.x).toBeGreaterThan(70);
  }
  expect(ticks.length).toBeLessThan(15);
});
