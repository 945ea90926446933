import { describe, expect, it } from "vitest";
import { backOffMs, defaultRetryPolicy } from "../src/index.ts";

describe("The back-off", () => {
  const policy = { ...defaultRetryPolicy, jitter: 0 };

  it("doubles up to its limit", () => {
    expect([1, 2, 3, 6, 7, 8, 100].map((attempt) => backOffMs(policy, attempt, "r/j1"))).toEqual([
      1_000, 2_000, 4_000, 32_000, 60_000, 60_000, 60_000,
    ]);
  });

  it("is shortened by at most the jitter, and the same in every replay", () => {
    const waits = Array.from({ length: 200 }, (_, run) => backOffMs(defaultRetryPolicy, 1, `r${run}/j1`));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(800);
    expect(Math.max(...waits)).toBeLessThanOrEqual(1_000);
    expect(new Set(waits).size).toBeGreaterThan(100);
    expect(backOffMs(defaultRetryPolicy, 1, "r7/j1")).toBe(waits[7]);
  });

  it("is none where the first is none, after however many attempts", () => {
    const none = { ...policy, initialIntervalMs: 0, coefficient: 1_000 };
    expect([1, 2, 1_000].map((attempt) => backOffMs(none, attempt, "r/j1"))).toEqual([0, 0, 0]);
  });
});
