import { expect, test } from "vitest";
import { formatBytes } from "./bytes.ts";

test("bytes are written in a unit that fits, one of them in the singular", () => {
  expect([0, 1, 2, 999, 1_000, 999_600, 1_234_567, 123_456_789_012, 5e15, -1].map(formatBytes)).toEqual([
    "0 bytes",
    "1 byte",
    "2 bytes",
    "999 bytes",
    "1 kB",
    "1 MB",
    "1.2 MB",
    "123 GB",
    "5,000 TB",
    "0 bytes",
  ]);
});
