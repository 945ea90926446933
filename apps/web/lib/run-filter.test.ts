import type { RunSummary } from "@downbeat/api/views";
import { expect, test } from "vitest";
import { noRunsParams } from "../app/[tenant]/[namespace]/runs/search-params.ts";
import { isFiltered, isNarrowed, matchesFilter, runFilterOf } from "./run-filter.ts";

const run: RunSummary = {
  runId: "booking-1",
  workflow: "bookTrip",
  status: "running",
  shown: "stuck",
  startedAt: 1_000,
  updatedAt: 2_000,
  labels: { customer: "cust-4" },
  seq: 3,
  partition: 0,
};

test.each([
  [{}, true],
  [{ status: ["stuck" as const] }, true],
  [{ status: ["running" as const] }, false],
  [{ workflow: "other" }, false],
  [{ where: [[{ key: "customer", test: "is" as const, value: "CUST-4" }]] }, true],
  [{ where: [[{ key: "customer", test: "is" as const, value: "cust-5" }]] }, false],
  [{ text: "BOOKING" }, true],
  [{ text: "cust-4" }, true],
  [{ text: "nobody" }, false],
  [{ from: 1_000 }, true],
  [{ to: 1_000 }, false],
  [{ from: 500, by: "ended" as const }, false],
])("a run against %o: %s", (filter, matches) => expect(matchesFilter(run, filter)).toBe(matches));

test("only what is set is asked for", () => {
  expect(runFilterOf(noRunsParams, 0)).toEqual({});
  expect(runFilterOf({ ...noRunsParams, range: { type: "last", preset: "15m" } }, 1_000_000)).toEqual({
    from: 100_000,
  });
});

test("a status filters, but does not narrow the counts", () => {
  expect(isFiltered({ ...noRunsParams, status: ["stuck"] })).toBe(true);
  expect(isNarrowed({ ...noRunsParams, status: ["stuck"] })).toBe(false);
  expect(isNarrowed({ ...noRunsParams, text: "x" })).toBe(true);
});
