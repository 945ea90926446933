import type { RunEvent } from "@downbeat/domain";
import { expect, test } from "vitest";
import { rowIdOf } from "../derive/event-row.ts";
import { sentenceOf } from "../derive/sentence.ts";
import { shownStatus } from "../derive/shown-status.ts";
import { allEventTypes, delegatedTrip, everyEvent, repairedTrip } from "../test/every-event.ts";
import { RunDriver, schedule } from "../test/run-driver.ts";
import type { JobRow, SignalRow, TimerRow } from "../views.ts";
import { compensationCounts, ledgerOf } from "./compensation.ts";
import { emptyFold, foldStep, type RunFold } from "./run-fold.ts";

function folded(run: RunDriver | undefined): RunFold {
  if (run === undefined) throw new Error("no such run");
  const fold = emptyFold(run.runId, 0);
  for (const step of run.steps) foldStep(fold, step);
  return fold;
}

const [failed, cancelled, terminated, completed] = everyEvent();

test("the fixture holds every type of event", () => {
  const types = new Set(
    [...everyEvent(), repairedTrip(), delegatedTrip()].flatMap((run) =>
      run.steps.flatMap((step) => step.events.map(({ type }) => type)),
    ),
  );
  expect([...types].sort()).toEqual(Object.keys(allEventTypes).sort());
});

test("every event has a sentence without gaps, and a row that exists if it has one", () => {
  for (const run of [...everyEvent(), repairedTrip(), delegatedTrip()]) {
    const fold = folded(run);
    for (const step of run.steps) {
      for (const event of step.events) {
        const sentence = sentenceOf(event, step.at, fold.rows).text;
        expect(sentence).toMatch(/^\S.*\S$/);
        expect(sentence).not.toMatch(/undefined|\[object|NaN/);
        const rowId = rowIdOf(event, fold.rows);
        if (rowId !== undefined) expect(fold.rows.has(rowId)).toBe(true);
      }
    }
  }
});

test("a job's row tells its attempts, its retries and who did what", () => {
  const row = folded(failed).rows.get("j1") as JobRow;
  expect(row).toMatchObject({
    kind: "job",
    jobType: "processPayment",
    status: "completed",
    input: '{"amount":13}',
    output: '{"receipt":1}',
    maxAttempts: 4,
  });
  expect(row.attempts.map(({ attempt, outcome, worker }) => [attempt, outcome, worker])).toEqual([
    [1, "failed", "worker-1"],
    [2, "failed", "worker-1"],
    [3, "completed", "worker-1"],
  ]);
  expect(row.failure).toBeUndefined();
  expect(row.retryAt).toBeUndefined();
  expect(row.to).toBe(row.attempts.at(-1)?.endedAt);
});

test("jobs end as what they ended as", () => {
  const { rows } = folded(failed);
  expect(rows.get("j2")).toMatchObject({ status: "failed", failure: { name: "NoSeat" } });
  expect(rows.get("j3")).toMatchObject({ status: "rejected", failure: { name: "NoRoom" } });
  expect(rows.get("j4")).toMatchObject({ status: "completed", compensationId: "c1", undoes: "j1" });
  expect(folded(cancelled).rows.get("j2")).toMatchObject({ status: "cancelled" });
  expect(folded(cancelled).rows.get("j3")).toMatchObject({ status: "cancelled", endedBy: "ada" });
  expect(folded(completed).rows.get("j1")).toMatchObject({
    status: "completed",
    endedBy: "ada",
    output: '"by hand"',
  });
});

test("a wait for a signal is one row, its time-out included", () => {
  const { rows } = folded(failed);
  expect(rows.get("w1") as SignalRow).toMatchObject({
    status: "delivered",
    name: "approval",
    payload: '{"approved":true}',
    actor: "linus",
  });
  expect(rows.get("w2")).toMatchObject({ status: "timedOut", name: "seat" });
  expect(rows.get("w3")).toMatchObject({ status: "ended", name: "meal" });
  expect(rows.has("s:s1")).toBe(false);
  expect([...rows.values()].filter(({ kind }) => kind === "timer").map(({ rowId }) => rowId)).toEqual(["t1"]);
  expect(rows.get("t1") as TimerRow).toMatchObject({ status: "fired" });
});

test("a signal that nobody waits for is a row of its own", () => {
  expect(folded(failed).rows.get("s:s2")).toMatchObject({
    kind: "signal",
    status: "buffered",
    name: "weather",
  });
});

test("a job that a completed run did not wait for is abandoned, as its history says or, of an older one, as is missing there", () => {
  const { steps } = new RunDriver("race", 0).do(
    { type: "StartRun", workflow: "race", input: "1" },
    schedule("j1", "slow", {}),
    { type: "CompleteRun", output: "1" },
  );
  const older = steps.map((step) => ({
    ...step,
    events: step.events.filter(({ type }) => type !== "JobAbandoned"),
  }));
  for (const history of [steps, older]) {
    const fold = emptyFold("race", 0);
    for (const step of history) foldStep(fold, step);
    expect(fold.rows.get("j1")).toMatchObject({ status: "abandoned", to: 0 });
  }
  expect(steps.flatMap(({ events }) => events.map(({ type }) => type))).toContain("JobAbandoned");
});

test("what is open when a run is terminated is abandoned", () => {
  const fold = folded(terminated);
  expect(fold.rows.get("j1")).toMatchObject({ status: "abandoned" });
  expect(fold.rows.get("w1")).toMatchObject({ status: "ended" });
  expect(fold.endedBy).toEqual({ actor: "ada", reason: "a test run" });
  expect(shownStatus(fold)).toBe("terminated");
});

test("the ledger says what is undone and what is still owed", () => {
  expect(ledgerOf(folded(failed))).toEqual([
    {
      compensationId: "c1",
      jobType: "refundPayment",
      undoes: "j1",
      doneType: "processPayment",
      doneAt: expect.any(Number),
      registeredAt: expect.any(Number),
      undoJobId: "j4",
      beganAt: expect.any(Number),
      endedAt: expect.any(Number),
      status: "undone",
    },
  ]);
  expect(ledgerOf(folded(cancelled))).toMatchObject([{ status: "undoFailed" }]);
  expect(compensationCounts(folded(terminated))).toEqual({ undone: 0, owed: 1, failed: 0 });
  expect(compensationCounts(folded(completed))).toBeUndefined();
});

test("the outcome of an action is what came of it, not that it was taken", () => {
  const { actions } = folded(failed);
  expect(actions.get("a-now")?.outcome).toMatchObject({
    type: "failedAgain",
    failure: { name: "ConnectionError" },
  });
  expect(actions.get("a-retry")?.outcome).toMatchObject({ type: "recovered" });
  expect(actions.get("a-late")?.outcome).toMatchObject({ type: "refused", code: "JobOver" });
  expect(actions.get("a-retry")).toMatchObject({
    verb: "retryJob",
    actor: "grace",
    reason: "fixed the amount",
    jobId: "j1",
  });
  expect(folded(cancelled).actions.get("a-resume")?.outcome).toMatchObject({ type: "recovered" });
  expect(folded(cancelled).actions.get("a-cancel")?.outcome).toEqual({ type: "accepted" });
  expect(folded(completed).actions.get("a-complete")?.outcome).toEqual({ type: "accepted" });
});

test("a retry is in progress until its job ends again", () => {
  const fold = emptyFold("failed-trip", 0);
  for (const step of failed?.steps ?? []) {
    foldStep(fold, step);
    if (step.events.some(({ type }) => type === "JobRetried")) break;
  }
  expect(fold.actions.get("a-retry")?.outcome).toEqual({ type: "inProgress" });
});

test("a job retried while it waited for a worker shows the attempt before as given up", () => {
  const fold = emptyFold("r", 0);
  const action = { actionId: "a", actor: "ada", reason: "its topic was deleted" };
  const at = (seq: number, ...events: RunEvent[]) =>
    foldStep(fold, { seq, at: seq, inputId: `i${seq}`, events });
  at(
    1,
    { type: "RunStarted", workflow: "w", input: "1" },
    { type: "JobScheduled", jobId: "j1", jobType: "bookHotel", input: "1" },
    { type: "AttemptRequested", jobId: "j1", attempt: 1 },
  );
  at(4, { type: "JobRetried", jobId: "j1", action }, { type: "AttemptRequested", jobId: "j1", attempt: 2 });
  expect(fold.rows.get("j1")).toMatchObject({
    status: "scheduled",
    attempts: [
      { attempt: 1, outcome: "cancelled", endedAt: 4 },
      { attempt: 2, requestedAt: 4 },
    ],
  });
});

test("resumed code that fails again in the same step has failed again", () => {
  const fold = emptyFold("r", 0);
  const stuck = { type: "RunStuck", failure: { kind: "code", name: "E", message: "m" } } as const;
  const action = { actionId: "a", actor: "ada", reason: "again" };
  foldStep(fold, {
    seq: 1,
    at: 1,
    inputId: "i1",
    events: [{ type: "RunStarted", workflow: "w", input: "1" }, stuck],
  });
  foldStep(fold, { seq: 3, at: 2, inputId: "i2", events: [{ type: "RunResumed", action }, stuck] });
  expect(fold.actions.get("a")?.outcome).toMatchObject({ type: "failedAgain" });
  expect(shownStatus(fold)).toBe("stuck");
});

test("a decision names the build that made it, where its worker has one", () => {
  const { rows } = folded(
    new RunDriver("r", 1_000).do({ type: "StartRun", workflow: "bookTrip", input: "{}" }),
  );
  const answered = { type: "CodeAnswered", upTo: 1, answerId: "a", worker: "booking-1" } as const;
  expect(sentenceOf({ ...answered, build: "2026-12-01.3" }, 1_000, rows).text).toBe(
    "booking-1, build 2026-12-01.3, decided what comes next.",
  );
  expect(sentenceOf(answered, 1_000, rows).text).toBe("booking-1 decided what comes next.");
});

test("a question that may have ended a worker is said to be put again, and nobody to have ended with it", () => {
  const run = new RunDriver("r", 1_000).do({ type: "StartRun", workflow: "bookTrip", input: "{}" });
  const again = { type: "CodeAskedAgain", attempt: 2, because: "workerEnded" } as const;
  const { rows } = folded(run);
  expect(sentenceOf({ ...again, ended: "begins" }, run.now, rows).text).toBe(
    "The workers were asked for the next step again: the worker that had the question may have ended.",
  );
  expect(sentenceOf({ ...again, ended: "maybe" }, run.now, rows).text).toBe(
    "The workers were asked for the next step again: the worker that had the question ended before starting on it.",
  );
  const fold = emptyFold("r", 0);
  const start = { type: "RunStarted", workflow: "w", input: "{}", codeIn: "workers" } as const;
  foldStep(fold, { seq: 1, at: 1, inputId: "i1", events: [start, { ...again, ended: "maybe" }] });
  expect(fold.awaitedAnswer).not.toHaveProperty("declined");
  foldStep(fold, { seq: 3, at: 2, inputId: "i2", events: [{ ...again, attempt: 3 }] });
  expect(fold.awaitedAnswer?.declined?.reason).toBe("Workers ended while they were at it.");
});

test("a signal that came early and did not fit is passed over, it and the wait that got it; the next wait is open", () => {
  const run = new RunDriver("r", 1_000)
    .do(
      { type: "StartRun", workflow: "bookTrip", input: "{}" },
      { type: "SetTimer", timerId: "t1", dueAt: 2_000 },
    )
    .do({ type: "SendSignal", signalId: "s1", name: "approval", payload: '"seven"', actor: "ada" })
    .wait(1_000)
    .do(
      { type: "FireTimer", timerId: "t1", generation: 1 },
      { type: "AwaitSignal", waitId: "w1", name: "approval" },
      { type: "AwaitSignal", waitId: "w2", name: "approval", signalId: "s1" },
    );
  const { rows } = folded(run);
  const statuses = ["s:s1", "w1", "w2"].map((rowId) => (rows.get(rowId) as SignalRow).status);
  expect(statuses).toEqual(["passedOver", "passedOver", "awaited"]);
  const events = run.steps.flatMap((step) => step.events);
  const again = events.findLast(({ type }) => type === "SignalAwaited");
  if (again === undefined) throw new Error("no second wait");
  expect(sentenceOf(again, run.now, rows).text).toBe(
    "Signal approval does not match what the workflow expects and was skipped; it waits for another one.",
  );
  run.do({ type: "SendSignal", signalId: "s2", name: "approval", payload: "7" });
  expect(folded(run).rows.get("w2")).toMatchObject({ status: "delivered", payload: "7" });
  expect(folded(run).rows.get("w1")).toMatchObject({ status: "passedOver" });
});
