import { expect, test } from "vitest";
import { domainEnd } from "./domain-end.ts";

test("leaves room ahead of now and changes seldom", () => {
  const ends = new Set<number>();
  for (let now = 0; now < 600_000; now += 250) {
    const end = domainEnd(0, now);
    expect(end).toBeGreaterThan(now);
    ends.add(end);
  }
  expect(ends.size).toBeLessThan(20);
});

test("a run of days still ends near now", () => {
  const threeDays = 3 * 86_400_000;
  expect(domainEnd(0, threeDays)).toBeLessThan(threeDays * 1.32);
});
