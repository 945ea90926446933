import { expect, test } from "vitest";
import { formatCompact } from "./number.ts";

test("big numbers are made compact, others are not", () => {
  expect(formatCompact(99_999)).toBe("99,999");
  expect(formatCompact(1_234_567)).toBe("1.2M");
});
