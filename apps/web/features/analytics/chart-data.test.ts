import type { ResultTable } from "@downbeat/api/views";
import { expect, test } from "vitest";
import { suggestedChart, valueTicks } from "./chart-data.ts";

const table = (names: string[], ...rows: (string | number | null)[][]): ResultTable => ({
  columns: names.map((name) => ({ name, type: "" })),
  rows,
  isCut: false,
});

test("times make a line, names make bars, and every number is a series", () => {
  const hours = [
    ["2026-11-24 10:00:00", 3, 1],
    ["2026-11-24 11:00:00", 4, 2],
  ];
  expect(suggestedChart(table(["hour", "started", "at_ms"], ...hours))).toEqual({
    x: 0,
    ys: [1],
    kind: "line",
  });
  expect(
    suggestedChart(table(["n", "job_type", "p95"], [1, "bookHotel", null], [2, "bookFlight", 8])),
  ).toEqual({
    x: 1,
    ys: [0, 2],
    kind: "bar",
  });
  expect(suggestedChart(table(["a", "b"], [1, 2]))).toEqual({ x: 0, ys: [1], kind: "bar" });
});

test("a single row has no line to draw", () => {
  expect(suggestedChart(table(["hour", "started"], ["2026-11-24 10:00:00", 3]))?.kind).toBe("bar");
});

test("a decimal and a big integer, which come as digits, are drawn; other texts of digits are not", () => {
  const typed = (type: string): ResultTable => ({
    columns: [
      { name: "name", type: "varchar" },
      { name: "value", type },
    ],
    rows: [["x", "12.5"]],
    isCut: false,
  });
  expect(suggestedChart(typed("decimal(21,1)"))).toEqual({ x: 0, ys: [1], kind: "bar" });
  expect(suggestedChart(typed("bigint"))?.ys).toEqual([1]);
  expect(suggestedChart(typed("varchar"))).toBeUndefined();
});

test("without a number there is nothing to draw", () => {
  expect(suggestedChart(table(["a"], ["x"]))).toBeUndefined();
  expect(suggestedChart(table(["n"], [1]))).toBeUndefined();
  expect(suggestedChart(table(["a", "b"], ["x", null]))).toBeUndefined();
});

test("ticks are round, hold every value, and include 0", () => {
  expect(valueTicks([3, 97])).toEqual([0, 50, 100]);
  expect(valueTicks([0.1, 0.35])).toEqual([0, 0.1, 0.2, 0.3, 0.4]);
  expect(valueTicks([-5, 10])).toEqual([-5, 0, 5, 10]);
  expect(valueTicks([])).toEqual([0, 1]);
  expect(valueTicks([0])).toEqual([0, 1]);
});
