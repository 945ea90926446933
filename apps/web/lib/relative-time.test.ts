import { expect, test } from "vitest";
import { formatRelative } from "./relative-time.ts";

const now = 1_800_000_000_000;

test.each([
  [now - 900, "just now"],
  [now + 900, "just now"],
  [now - 8_900, "8 s ago"],
  [now - 59_999, "59 s ago"],
  [now - 3 * 60_000, "3 min ago"],
  [now + 3 * 60_000, "in 3 min"],
  [now - 5.9 * 3_600_000, "5 h ago"],
  [now - 50 * 3_600_000, "2 d ago"],
])("%d reads %s", (at, text) => expect(formatRelative(at, now)).toBe(text));
