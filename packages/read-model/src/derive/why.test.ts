import { expect, test } from "vitest";
import { emptyFold, foldStep, type RunFold } from "../fold/run-fold.ts";
import { business, by, RunDriver, schedule, technical, undo } from "../test/run-driver.ts";
import { detailsOf } from "./run-details.ts";
import { shownStatus } from "./shown-status.ts";
import { waitsOf } from "./wait.ts";
import { why } from "./why.ts";

const start = Date.UTC(2026, 9, 30, 12, 0, 0);
const refused = technical("ConnectionError", "connect ECONNREFUSED 10.0.7.12");

function begun(
  ...decisions: Parameters<RunDriver["do"]> extends [unknown, ...infer Rest] ? Rest : never
): RunDriver {
  return new RunDriver("r", start).do({ type: "StartRun", workflow: "bookTrip", input: "{}" }, ...decisions);
}

function told(run: RunDriver, afterMs = 0): [shown: string, why: string | undefined] {
  const fold: RunFold = emptyFold("r", 0);
  for (const step of run.steps) foldStep(fold, step);
  return [shownStatus(fold), why({ ...fold, ...detailsOf(fold) }, run.now + afterMs)?.text];
}

test("a job that waits for its next attempt", () => {
  const run = begun(schedule("j1", "bookHotel", {}));
  run.fail("j1", refused).retryDue("j1").fail("j1", refused).retryDue("j1").fail("j1", refused);
  const [shown, sentence] = told(run, 2_000);
  expect(shown).toBe("waiting");
  expect(sentence).toMatch(
    /^Waiting 2 s for bookHotel: attempt 3 of 5 failed with ConnectionError, next try at 12:00:\d\d UTC\.$/,
  );
});

test("a job that waits for a worker", () => {
  expect(told(begun(schedule("j1", "bookHotel", {})), 720_000)).toEqual([
    "running",
    "Waiting 12 min for bookHotel.",
  ]);
});

test("a run whose code nobody hosts", () => {
  const run = new RunDriver("r", start, "workers").do({
    type: "StartRun",
    workflow: "bookTrip",
    input: "{}",
  });
  expect(told(run, 1_000)).toEqual(["running", undefined]);
  expect(told(run, 720_000)).toEqual([
    "running",
    "Waiting 12 min for a worker that hosts bookTrip to say what comes next.",
  ]);
  run.do({ type: "CancelRun", ...by("ada", "too late", "a1") });
  expect(told(run, 720_000)[1]).toMatch(
    /^Being cancelled .* Waiting 12 min for a worker that hosts bookTrip /,
  );
});

test("a run that is asked again and again of workers that are not there waits since it was asked first", () => {
  const run = new RunDriver("r", start, "workers")
    .do({ type: "StartRun", workflow: "bookTrip", input: "{}" })
    .wait(60_000)
    .do({ type: "AskAgain", because: "noAnswer", upTo: 1, attempt: 1 });
  expect(told(run, 1_000)[1]).toBe(
    "Waiting 1 min 1 s for a worker that hosts bookTrip to say what comes next.",
  );
});

test("a pinned run whose build is not there", () => {
  const answer = { type: "AnswerQuestion", answerId: "a", decisions: [], worker: "w", build: "7" } as const;
  const run = new RunDriver("r", start, "workers")
    .do({ type: "StartRun", workflow: "bookTrip", input: "{}" })
    .do({ ...answer, upTo: 1, versioning: "pinned" });
  expect(told(run, 720_000)[1]).toBe(
    "Waiting 12 min for a worker of build 7 of bookTrip: the run is pinned to it.",
  );
});

test("a run that no build which is there can go on with, from the first that said so", () => {
  const declines = { type: "AskAgain", because: "notMine", upTo: 1 } as const;
  const run = new RunDriver("r", start, "workers")
    .do({ type: "StartRun", workflow: "bookTrip", input: "{}" })
    .do({ ...declines, attempt: 1, build: "1", message: "The code of build 1 does not fit the history" });
  expect(told(run, 1_000)[1]).toBe(
    "Waiting 1 s for code of bookTrip that can go on. The code of build 1 does not fit the history.",
  );
  run.wait(60_000).do({ ...declines, attempt: 2, build: "2", message: "Nor does that of build 2." });
  expect(told(run, 1_000)[1]).toBe(
    "Waiting 1 min 1 s for code of bookTrip that can go on. Nor does that of build 2.",
  );
  run.do({ type: "AnswerQuestion", upTo: 1, answerId: "a", decisions: [], worker: "w", build: "3" });
  expect(told(run, 720_000)[1]).not.toContain("can go on");
});

test("a job at work", () => {
  const run = begun(schedule("j1", "bookHotel", {}))
    .wait(2)
    .heartbeat("j1");
  expect(told(run, 65_000)).toEqual(["running", "bookHotel has been running for 1 min 5 s on worker-1."]);
});

test("a stuck job, first of all", () => {
  const run = begun(
    schedule("j1", "bookHotel", {}, { options: { retry: { maxAttempts: 1 } } }),
    schedule("j2", "bookFlight", {}),
    {
      type: "SetTimer",
      timerId: "t1",
      dueAt: start + 1,
    },
  );
  expect(told(run.fail("j1", refused), 60_000)).toEqual([
    "stuck",
    "Stuck for 1 min: bookHotel failed with ConnectionError: connect ECONNREFUSED 10.0.7.12. 2 more open.",
  ]);
});

test("code that can't decide", () => {
  const run = begun({ type: "GetStuck", failure: technical("TypeError", "x is undefined") });
  expect(told(run, 1_500)).toEqual([
    "stuck",
    "Stuck for 1.5 s: the workflow code failed with TypeError: x is undefined.",
  ]);
});

test("a signal, with and without an end", () => {
  expect(told(begun({ type: "AwaitSignal", waitId: "w1", name: "approval" }))).toEqual([
    "waiting",
    "Waiting for signal approval since 12:00:00 UTC.",
  ]);
  expect(told(begun({ type: "AwaitSignal", waitId: "w1", name: "approval", timeoutMs: 60_000 }))).toEqual([
    "waiting",
    "Waiting for signal approval since 12:00:00 UTC, until 12:01:00 UTC at the latest.",
  ]);
});

test("a sleep", () => {
  const dueAt = Date.UTC(2026, 10, 2, 9, 0, 0);
  expect(told(begun({ type: "SetTimer", timerId: "t1", dueAt }))).toEqual([
    "waiting",
    "Sleeping until Mon 2 Nov 09:00 UTC.",
  ]);
});

test("how a run ended, when not well", () => {
  const failure = business("NoRoom", "no room left");
  expect(told(begun({ type: "BeginFailing", failure }, { type: "FailRun", failure }))).toEqual([
    "failed",
    "Failed with NoRoom: no room left.",
  ]);
  const cancelled = begun().do(
    { type: "CancelRun", ...by("ada", "no longer needed", "a1") },
    { type: "FinishCancel" },
  );
  expect(told(cancelled)).toEqual(["cancelled", "Cancelled by ada: no longer needed."]);
  expect(told(begun({ type: "CompleteRun", output: "1" }))).toEqual(["completed", undefined]);
});

test("a run that is ending says why and what it still does", () => {
  const run = begun(schedule("j1", "bookHotel", {})).do({
    type: "CancelRun",
    ...by("ada", "the customer called", "a1"),
  });
  expect(told(run)).toEqual([
    "running",
    "Being cancelled by ada: the customer called. Waiting 0 ms for bookHotel.",
  ]);
});

test("an undo that waits for the worker of a cancelled job", () => {
  const failure = business("NoRoom", "no room left");
  const run = begun(undo("c1", "freeRoom", "j1"), schedule("j1", "bookHotel", {}))
    .heartbeat("j1")
    .do(
      { type: "CancelJob", jobId: "j1", ...by("ada", "the customer called", "a1") },
      { type: "BeginFailing", failure },
      schedule("j2", "freeRoom", {}, { compensationId: "c1" }),
    );
  expect(told(run, 3_000)[1]).toContain(
    "freeRoom (undoing bookHotel) waits until the worker of a cancelled job has ended, for 3 s now.",
  );
});

test("an error that says nothing by itself is told with what it came of", () => {
  const cause = { depth: 1, name: "Error", message: "connect ECONNREFUSED 10.0.7.12:80" };
  const fetchFailed = {
    ...technical("TypeError", "fetch failed"),
    kind: "invalid",
    causes: [cause],
  } as const;
  const run = begun(schedule("j1", "bookHotel", {}));
  run.fail("j1", fetchFailed);
  expect(told(run, 2_000)).toEqual([
    "stuck",
    "Stuck for 2 s: bookHotel failed with TypeError: fetch failed (caused by Error: connect ECONNREFUSED 10.0.7.12:80).",
  ]);
});

test("a sentence knows where its own times are, whatever it quotes", () => {
  const late = { ...business("Late", "Waiting 2 s for bookHotel since 12:00:00 UTC") };
  const run = begun(schedule("j1", "bookHotel", {}), { type: "AwaitSignal", waitId: "w1", name: "approval" });
  const fold: RunFold = emptyFold("r", 0);
  for (const step of run.steps) foldStep(fold, step);
  const facts = { ...fold, waits: waitsOf(fold), closing: "failed", failure: late } as const;
  const sentence = why(facts, run.now + 720_000);
  expect(sentence?.text).toMatch(/^Failing with Late: Waiting 2 s for .* Waiting 12 min for bookHotel\./);
  const told = sentence?.times.map(({ from, to, says, at }) => [sentence.text.slice(from, to), says, at]);
  expect(told).toEqual([["12 min", "elapsed", expect.any(Number)]]);
  expect(sentence?.times[0]?.from).toBeGreaterThan(late.message.length);
});
