import { expect, test, vi } from "vitest";
import { rangePresets, type TimeRange } from "../lib/time-range.ts";
import { type RangeCommandOptions, rangeCommands } from "./range-commands.ts";

const lastDay: TimeRange = { type: "last", preset: "24h" };
const offered = (range: TimeRange, options?: RangeCommandOptions) =>
  rangeCommands(range, () => {}, options).map(({ label, refusal }) => ({ label, refusal }));

test("all time is offered where it can be chosen", () => {
  const labels = (options?: RangeCommandOptions) => offered(lastDay, options).map(({ label }) => label);
  expect(labels()).toHaveLength(Object.keys(rangePresets).length);
  expect(labels()).not.toContain("Show all time");
  expect(labels({ allowAll: true })).toEqual(["Show all time", ...labels()]);
});

test("the period that is shown is refused, and every one where the page is of none", () => {
  const refused = (range: TimeRange, options?: RangeCommandOptions) =>
    offered(range, options).filter(({ refusal }) => refusal !== undefined);
  expect(refused(lastDay)).toEqual([{ label: "Show the last 24 hours", refusal: "Already shown" }]);
  expect(refused({ type: "all" }, { allowAll: true })).toEqual([
    { label: "Show all time", refusal: "Already shown" },
  ]);
  expect(refused({ type: "between", to: 1 }, { allowAll: true })).toEqual([]);
  const refusal = "It is of now.";
  expect(offered(lastDay, { allowAll: true, refusal }).every((each) => each.refusal === refusal)).toBe(true);
});

test("what is chosen is what the label says", () => {
  const onChange = vi.fn();
  for (const { label, run } of rangeCommands(lastDay, onChange, { allowAll: true }))
    if (label === "Show all time" || label === "Show the last hour") run();
  expect(onChange.mock.calls).toEqual([[{ type: "all" }], [{ type: "last", preset: "1h" }]]);
});
