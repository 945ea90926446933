import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openCache } from "../cache.ts";
import { scratchDirectory } from "../test/scratch.ts";
import { syntheticHistory } from "../test/synthetic-history.ts";
import type { RunFilter, ShownStatus } from "../views.ts";
import { Projection } from "../write/projection.ts";
import { zoneOffset } from "../zone.ts";
import { ReadModel } from "./read-model.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const from = Date.UTC(2026, 9, 24, 22, 17);
const to = from + 3 * day;
const now = to + 5 * minute;
const runs = 600;
const scratch = scratchDirectory();
let readModel: ReadModel;

beforeAll(() => {
  const path = scratch.file("history.sqlite");
  const cache = openCache(path, "test");
  const projection = new Projection(cache);
  const stories = [
    "completed",
    "completed",
    "completedAfterRetry",
    "compensated",
    "cancelled",
    "stuck",
    "recovered",
  ];
  const scenarioOf = (run: number): string => stories[(run * 31) % stories.length] ?? "completed";
  let flushed = 0;
  for (const message of syntheticHistory({ runs, from, to, scenarioOf, batch: 3 })) {
    projection.take(0, message);
    if (flushed++ % 7 === 0) projection.flush();
  }
  projection.flush();
  cache.close();
  readModel = new ReadModel(path, () => now);
});

afterAll(() => {
  readModel.close();
  scratch.remove();
});

function count(filter: RunFilter): number {
  const list = readModel.listRuns({ filter, limit: 1 });
  expect(list.countIsLowerBound).toBe(false);
  return list.count;
}

describe.each([undefined, "bookTrip"])("of %s", (workflow) => {
  const only = workflow === undefined ? {} : { workflow };

  test.each([
    [minute * 15, "UTC"],
    [hour, "UTC"],
    [day, "UTC"],
    [minute * 15, "Asia/Kathmandu"],
    [hour, "Europe/Berlin"],
    [3 * hour, "Australia/Lord_Howe"],
    // Clocks are changed on one of these days.
    [day, "Europe/Berlin"],
    [day, "Asia/Kathmandu"],
    [2 * day, "America/Los_Angeles"],
  ])("every bucket of %d ms in %s opens exactly its runs", (bucketMs, timeZone) => {
    const { buckets, totals, ...answer } = readModel.overview({ from, to, bucketMs, timeZone, ...only });
    expect(answer).toMatchObject({ bucketMs, timeZone });
    const sum = { started: 0, completed: 0, failed: 0, cancelled: 0 };
    let next = buckets[0]?.at;
    for (const { at, to: end, started, completed, failed, cancelled } of buckets) {
      expect(at).toBe(next);
      next = end;
      const ended = (...status: ShownStatus[]) => count({ by: "ended", from: at, to: end, status, ...only });
      expect((at + zoneOffset(at, timeZone)) % (bucketMs === 2 * day ? day : bucketMs)).toBe(0);
      expect(started).toBe(count({ from: at, to: end, ...only }));
      expect(completed).toBe(ended("completed"));
      expect(failed).toBe(ended("failed"));
      expect(cancelled).toBe(ended("cancelled", "terminated"));
      sum.started += started;
      sum.completed += completed;
      sum.failed += failed;
      sum.cancelled += cancelled;
    }
    expect(totals).toMatchObject(sum);
    expect(sum.started).toBeGreaterThan(100);
    expect(totals.successRate).toBeCloseTo(sum.completed / (sum.completed + sum.failed + sum.cancelled));
  });
});

test.each([
  ["before", "UTC", minute * 45],
  ["before", "Europe/Berlin", day],
  ["week", "America/Los_Angeles", 7 * hour],
  ["before", "Asia/Kathmandu", 3 * hour],
] as const)(
  "both sides of a comparison with %s in %s open exactly their runs",
  (compare, timeZone, length) => {
    // Of the second, a part is still to come.
    for (const end of [to - day, now + length / 2]) {
      const asked = { from: end - length, to: end, timeZone, compare, bucketMs: minute };
      const { comparison, ...plain } = readModel.overview(asked);
      if (comparison === undefined) throw new Error("nothing is compared");
      expect(comparison.isPart).toBe(end > now);
      expect(comparison.current.from).toBe(plain.buckets[0]?.at);
      for (const { from: since, to: until, totals } of [comparison.current, comparison.earlier]) {
        const within = { from: since, to: until };
        expect(totals.started).toBe(count(within));
        expect(totals.completed).toBe(count({ ...within, by: "ended", status: ["completed"] }));
        expect(totals.failed).toBe(count({ ...within, by: "ended", status: ["failed"] }));
        expect(totals.cancelled).toBe(count({ ...within, by: "ended", status: ["cancelled", "terminated"] }));
      }
      for (const side of ["current", "earlier"] as const)
        expect(comparison.byWorkflow.reduce((sum, row) => sum + row[side].started, 0)).toBe(
          comparison[side].totals.started,
        );
    }
  },
);

test("what has not been read yet is compared with nothing: both sides end where reading is", () => {
  const completeTo = to - 10 * minute - 20_000;
  const asked = { from: to - hour, to, compare: "before", bucketMs: minute } as const;
  const { comparison } = readModel.overview({ ...asked, completeTo });
  const end = Math.floor(completeTo / minute) * minute;
  const length = end - Math.floor(asked.from / minute) * minute;
  expect(comparison).toMatchObject({ isPart: true, isBehind: true, current: { to: end } });
  expect((comparison?.earlier.to ?? 0) - (comparison?.earlier.from ?? 0)).toBe(length);
  expect(readModel.overview(asked).comparison).toMatchObject({ isPart: false });
  expect(readModel.overview(asked).comparison).not.toHaveProperty("isBehind");
});

test("totals are the same however the range is put together", () => {
  const whole = readModel.overview({ from, to, bucketMs: minute });
  const byHour = readModel.overview({ from, to, bucketMs: hour });
  expect(whole.totals).toEqual(byHour.totals);
  expect(whole.byJobType).toEqual(byHour.byJobType);
  expect(whole.topErrors).toEqual(byHour.topErrors);
  expect(whole.byWorkflow.reduce((sum, { started }) => sum + started, 0)).toBe(whole.totals.started);
});

test("failed attempts are as many as errors, and stuck jobs are counted by their getting stuck", () => {
  const { byJobType, topErrors, open } = readModel.overview({ from, to });
  const failed = byJobType.reduce((sum, job) => sum + job.failedAttempts + job.rejected, 0);
  expect(topErrors.reduce((sum, error) => sum + error.count, 0)).toBe(failed);
  expect(open.stuck).toBe(count({ status: ["stuck"] }));
  expect(byJobType.find(({ jobType }) => jobType === "bookHotel")?.stuck).toBeGreaterThanOrEqual(open.stuck);
});

test("a range without a run is buckets of nothing, and no percentiles", () => {
  const { buckets, totals } = readModel.overview({ from: from - 2 * day, to: from - day, bucketMs: hour });
  expect(buckets.length).toBeGreaterThanOrEqual(24);
  expect(totals).toEqual({ started: 0, completed: 0, failed: 0, cancelled: 0 });
  expect(buckets.every((bucket) => !("p50" in bucket))).toBe(true);
});

test("a careless range is answered with few buckets", () => {
  const all = readModel.overview({ from: 0, to: now, bucketMs: minute });
  expect(all.buckets.length).toBeLessThanOrEqual(1_600);
  expect(all.totals.started).toBe(runs);
});
