import type { JobRow, TimelineRow } from "@downbeat/api/views";
import { describe, expect, test } from "vitest";
import { segmentsOf } from "./segments.ts";

const job = (fields: Partial<JobRow>): JobRow => ({
  kind: "job",
  rowId: "j1",
  jobId: "j1",
  jobType: "bookHotel",
  status: "running",
  attempts: [],
  input: "{}",
  maxAttempts: 5,
  from: 100,
  firstSeq: 1,
  lastSeq: 2,
  ...fields,
});
const draw = (row: TimelineRow, now: number) =>
  segmentsOf(row, now).map(
    ({ kind, from, to, tone, isOpen }) => `${kind} ${from}-${to} ${tone}${isOpen ? " …" : ""}`,
  );

describe("a job reads as try, wait, try", () => {
  test("attempts with their queue and their back-off", () => {
    const row = job({
      status: "completed",
      to: 900,
      attempts: [
        { attempt: 1, requestedAt: 100, startedAt: 150, endedAt: 200, outcome: "failed" },
        { attempt: 2, requestedAt: 700, endedAt: 900, outcome: "completed" },
      ],
    });
    expect(draw(row, 5_000)).toEqual([
      "queued 100-150 failed",
      "attempt 150-200 failed",
      "backOff 200-700 waiting",
      "attempt 700-900 completed",
    ]);
  });

  test("nobody has taken it: it waits until now", () => {
    expect(draw(job({ status: "scheduled", attempts: [{ attempt: 1, requestedAt: 100 }] }), 800)).toEqual([
      "queued 100-800 waiting …",
    ]);
  });

  test("a running attempt grows with now", () => {
    const row = job({ attempts: [{ attempt: 1, requestedAt: 100, startedAt: 120 }] });
    expect(draw(row, 800)).toEqual(["queued 100-120 running", "attempt 120-800 running …"]);
  });

  test("a stuck job waits for a person until now", () => {
    const attempts = [{ attempt: 1, requestedAt: 100, endedAt: 200, outcome: "failed" as const }];
    expect(draw(job({ status: "stuck", attempts }), 800)).toEqual([
      "attempt 100-200 failed",
      "stuck 200-800 stuck …",
    ]);
  });

  test("a back-off reaches to the next attempt, though that lies ahead", () => {
    const attempts = [{ attempt: 1, requestedAt: 100, endedAt: 200, outcome: "timedOut" as const }];
    expect(draw(job({ status: "backingOff", attempts, retryAt: 2_000 }), 800)).toEqual([
      "attempt 100-200 failed",
      "backOff 200-2000 waiting …",
    ]);
  });

  test("an attempt taken away by the run's end stops there", () => {
    const row = job({ status: "abandoned", to: 500, attempts: [{ attempt: 1, requestedAt: 100 }] });
    expect(draw(row, 9_000)).toEqual(["queued 100-500 ended"]);
  });
});

test("timers and signals are waits", () => {
  const timer: TimelineRow = {
    kind: "timer",
    rowId: "t1",
    timerId: "t1",
    status: "waiting",
    dueAt: 5_000,
    from: 100,
    firstSeq: 1,
    lastSeq: 1,
  };
  expect(draw(timer, 800)).toEqual(["wait 100-800 waiting …"]);
  expect(draw({ ...timer, status: "fired", to: 5_000 }, 9_000)).toEqual(["wait 100-5000 waiting"]);
});

test("an outcome of a newer server is drawn neutrally", () => {
  const attempts = [{ attempt: 1, requestedAt: 1, endedAt: 2, outcome: "paused" as never }];
  expect(draw(job({ status: "completed", to: 2, attempts }), 9)).toEqual(["attempt 1-2 ended"]);
});
