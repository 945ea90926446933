import type { JobRow, UsualDurations } from "@downbeat/api/views";
import { expect, test } from "vitest";
import { usualWords } from "../timeline/usual-words.ts";
import { factorWords, fewestForUsual, slowness, usualOfJobs, usualOfRun } from "./usual.ts";

const figures = { completed: 200, p50: 100, p95: 300 };
const usual = (completed: number): UsualDurations => ({
  workflow: "bookTrip",
  from: 0,
  to: 1,
  run: { completed, p50: 5, p95: 9 },
  jobTypes: [{ jobType: "bookHotel", completed, p50: 100, p95: 300 }],
  freshness: { completeTo: 0, behind: 0, live: true },
});

test("of few, nothing is said to be usual", () => {
  expect(usualOfJobs(usual(fewestForUsual - 1)).size).toBe(0);
  expect(usualOfRun(usual(fewestForUsual - 1))).toBeUndefined();
  expect(usualOfJobs(usual(fewestForUsual)).get("bookHotel")).toEqual({ completed: 20, p50: 100, p95: 300 });
  expect(usualOfRun(usual(fewestForUsual))?.p95).toBe(9);
  expect(usualOfJobs(undefined).size).toBe(0);
});

test("slow is what 95 of 100 are faster than, and clearly slower than most", () => {
  expect(slowness(300, figures)).toBeUndefined();
  expect(slowness(310, figures)).toBeCloseTo(3.1);
  expect(slowness(130, { completed: 99, p50: 100, p95: 120 })).toBeUndefined();
  expect(slowness(9, { completed: 99, p50: 1, p95: 2 })).toBeUndefined();
  expect(factorWords(3.14)).toBe("3.1×");
  expect(factorWords(1_204.4)).toBe("1,204×");
});

test("held against the usual is the last attempt from its request on, not the attempts before it", () => {
  const row: JobRow = {
    kind: "job",
    rowId: "j1",
    jobId: "j1",
    jobType: "bookHotel",
    status: "completed",
    input: "{}",
    maxAttempts: 5,
    from: 0,
    to: 5_400,
    firstSeq: 1,
    lastSeq: 5,
    attempts: [
      { attempt: 1, requestedAt: 0, endedAt: 4_000, outcome: "failed" },
      { attempt: 2, requestedAt: 5_000, endedAt: 5_400, outcome: "completed" },
    ],
  };
  const words = usualWords(row, figures, 9_000);
  expect(words.slow).toBe("4.0×");
  expect(words.short).toBe("100 ms, this 4.0×");
  expect(words.whole).toBe(
    "The last attempt took 400 ms from its request on. Usually 100 ms, 95 of 100 within 300 ms (200 that completed in a week).",
  );
});
