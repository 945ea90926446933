import { describe, expect, test } from "vitest";
import { workflow } from "../../index.ts";
import { byName, hasWorkflows, isWorkflow, limitsOf, workflowSource } from "../threads/options.ts";

const trip = workflow("trip", async () => {});
const pay = workflow("pay", async () => {});

describe("Where workflows come from", () => {
  const url = new URL("file:///app/workflows.ts");

  test.each([["./workflows.ts"], [url], [[trip, pay]]])("may be %s", (source) => {
    expect(workflowSource.safeParse(source).success).toBe(true);
    expect(hasWorkflows(source)).toBe(true);
  });

  test("may be a list of none, which hosts nothing", () => {
    expect(workflowSource.safeParse([]).success).toBe(true);
    expect([hasWorkflows([]), hasWorkflows(undefined)]).toEqual([false, false]);
  });

  test.each([
    [""],
    [7],
    [null],
    [undefined],
    [trip],
    [[trip, {}]],
    [[{ name: "trip" }]],
    [[{ execute: () => {} }]],
    [[{ name: 7, execute: () => {} }]],
    [[{ name: "trip", execute: 7 }]],
    [["trip"]],
    [[null]],
  ])("is not %j", (source) => {
    const { error } = workflowSource.safeParse(source);
    expect(error?.issues[0]?.message).toBe(
      "they are an array of what workflow() returns, or the path or URL of a module that exports them",
    );
  });
});

test("a workflow is what has a name and something to run", () => {
  expect(isWorkflow(trip)).toBe(true);
  for (const odd of [undefined, null, "trip", { name: "trip" }, () => {}])
    expect(isWorkflow(odd)).toBe(false);
});

test("workflows are found by their names, of which no two are one", () => {
  expect([...byName([trip, pay])]).toEqual([
    ["trip", trip],
    ["pay", pay],
  ]);
  expect(() => byName([trip, pay, trip])).toThrow(new RangeError("There are two workflows named trip."));
});

test("limits that nobody gives are the usual ones", () => {
  const usual = { limits: { stepMs: 5_000, memoryMb: 512 }, threads: 1, maxCachedRuns: 20_000 };
  expect(limitsOf()).toEqual(usual);
  expect(limitsOf({})).toEqual(usual);
  expect(limitsOf({ stepMs: 1, memoryMb: 2, threads: 3, maxCachedRuns: 4 })).toEqual({
    limits: { stepMs: 1, memoryMb: 2 },
    threads: 3,
    maxCachedRuns: 4,
  });
});
