import { expect, test } from "vitest";
import { formatRunningDuration } from "./duration.ts";

test("a growing duration shows whole seconds only", () => {
  expect(formatRunningDuration(940)).toBe("0 s");
  expect(formatRunningDuration(12_940)).toBe("12 s");
  expect(formatRunningDuration(192_900)).toBe("3 min 12 s");
});
