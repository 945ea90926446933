import { expect, test } from "vitest";
import { plain } from "./print.ts";
import { table } from "./table.ts";
import { ago, duration, shortId } from "./words.ts";

test("names from outside can't steer the terminal", () => {
  expect(plain("a\u001b[31mred\u0007\u202eb\nc")).toBe("a□[31mred□□b c");
});

test("a table is aligned, and cut where the terminal ends", () => {
  const rows = [
    ["run-1", "a long sentence about it"],
    ["r", "short"],
  ];
  expect(table(["RUN", "WHAT"], rows, undefined)).toBe(
    "RUN    WHAT\nrun-1  a long sentence about it\nr      short",
  );
  expect(table(["RUN", "WHAT"], rows, 16)).toBe("RUN    WHAT\nrun-1  a long s…\nr      short");
});

test("times and ids as a person says them", () => {
  expect([850, 1_240, 12_300, 192_000, 299_700, 7_500_000, 270_000_000].map((ms) => duration(ms))).toEqual([
    "850 ms",
    "1.24 s",
    "12.3 s",
    "3 min 12 s",
    "5 min",
    "2 h 5 min",
    "3 d 3 h",
  ]);
  expect([1_000, 30_000, 180_000, 7_200_000, 3 * 86_400_000].map((ms) => ago(0, ms))).toEqual([
    "now",
    "30 s ago",
    "3 min ago",
    "2 h ago",
    "3 days ago",
  ]);
  expect(shortId("0191d2a4-5b1e-7c3a-9f10-2b8c5d6e7f80", false)).toBe("0191d2a4-5b1…5d6e7f80");
  expect(shortId("0191d2a4-5b1e-7c3a-9f10-2b8c5d6e7f80", true)).toHaveLength(36);
});
