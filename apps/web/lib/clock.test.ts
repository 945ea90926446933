import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.useRealTimers();
  vi.resetModules();
});

test("times go by the server's clock as soon as it is known, and small differences are noise", async () => {
  vi.useFakeTimers({ now: 1_000_000 });
  const { serverNow, tellRenderedAt, tellServerTime } = await import("./clock.ts");
  expect(serverNow()).toBe(1_000_000);
  const hour = 3_600_000;
  tellRenderedAt(1_000_000 - hour);
  expect(serverNow()).toBe(1_000_000 - hour);
  tellServerTime(1_000_300 - hour);
  expect(serverNow()).toBe(1_000_000 - hour);
  // The page was rendered before: what is said live counts.
  tellRenderedAt(5);
  expect(serverNow()).toBe(1_000_000 - hour);
  // Somebody has set this clock right.
  vi.setSystemTime(1_000_000 - hour);
  tellServerTime(1_000_400 - hour);
  expect(serverNow()).toBe(1_000_000 - hour);
});
