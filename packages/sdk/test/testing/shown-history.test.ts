import type { Failure, RunEvent } from "@downbeat/domain";
import { expect, test } from "vitest";
import { shownAttempts, shownCompensations, shownEvents } from "../../src/testing/shown-history.ts";

const minute = 60_000;

/** One event a minute, from 1970 on. */
const happened = (...events: RunEvent[]) =>
  events.map((event, index) => ({ seq: index + 1, at: index * minute, event }));
const at = (minutes: number) => new Date(minutes * minute).toISOString();

const scheduled = (jobId: string, jobType = "pay", more: object = {}): RunEvent => ({
  type: "JobScheduled",
  jobId,
  jobType,
  input: `{"for":"${jobId}"}`,
  ...more,
});
const requested = (jobId: string, attempt = 1): RunEvent => ({ type: "AttemptRequested", jobId, attempt });
const begun = (jobId: string, attempt = 1): RunEvent => ({
  type: "AttemptStarted",
  jobId,
  attempt,
  worker: "w",
  startedAt: 5,
});
const failed = (jobId: string, attempt: number, kind: Failure["kind"], retryAt?: number): RunEvent => ({
  type: "AttemptFailed",
  jobId,
  attempt,
  failure: { kind, name: "E", message: "no", details: '{"at":7}' },
  ...(retryAt !== undefined && { retryAt }),
});
const retried = (jobId: string, input?: string): RunEvent => ({
  type: "JobRetried",
  jobId,
  action: { actionId: "a", actor: "mia", reason: "" },
  ...(input !== undefined && { input }),
});
const told = { kind: "technical", name: "E", message: "no", details: { at: 7 } };

test("times are told as texts and payloads as values, and the engine's own book-keeping is not told", () => {
  const events = shownEvents(
    happened(
      { type: "RunStarted", workflow: "w", input: "[1]" },
      scheduled("j1"),
      begun("j1"),
      { type: "AttemptHeartbeat", jobId: "j1", attempt: 1, details: '{"done":3}' },
      failed("j1", 1, "technical", 90_000),
      { type: "TimerSet", timerId: "t1", generation: 1, dueAt: 120_000 },
      { type: "SignalReceived", signalId: "s1", name: "n", payload: '"x"' },
      { type: "RunCompleted", output: "null" },
    ),
  );
  expect(events).toEqual([
    { type: "RunStarted", at: at(0), workflow: "w", input: [1] },
    { type: "JobScheduled", at: at(1), job: "pay", jobId: "j1", input: { for: "j1" } },
    {
      type: "AttemptStarted",
      at: at(2),
      job: "pay",
      jobId: "j1",
      attempt: 1,
      startedAt: "1970-01-01T00:00:00.005Z",
    },
    { type: "AttemptHeartbeat", at: at(3), job: "pay", jobId: "j1", attempt: 1, details: { done: 3 } },
    {
      type: "AttemptFailed",
      at: at(4),
      job: "pay",
      jobId: "j1",
      attempt: 1,
      failure: told,
      retryAt: at(1.5),
    },
    { type: "TimerSet", at: at(5), timerId: "t1", generation: 1, dueAt: at(2) },
    { type: "SignalReceived", at: at(6), signalId: "s1", name: "n", payload: "x" },
    { type: "RunCompleted", at: at(7), output: null },
  ]);
});

test("each attempt is told with its job, its input and what came of it", () => {
  const history = happened(
    ...["j1", "j2", "j3"].map((jobId) => scheduled(jobId)),
    scheduled("j4", "fly"),
    requested("j1"),
    requested("j2"),
    requested("j3"),
    requested("j4"),
    begun("j1"),
    begun("j2"),
    failed("j1", 1, "technical"),
    requested("j1", 2),
    failed("j1", 2, "timeout"),
    retried("j1", '{"for":"again"}'),
    requested("j1", 3),
    { type: "JobCompleted", jobId: "j1", attempt: 3, output: '"paid"' },
    {
      type: "JobRejected",
      jobId: "j2",
      attempt: 1,
      failure: { kind: "business", name: "No", message: "no" },
    },
    { type: "JobCancelled", jobId: "j3" },
  );
  const pay = [
    { jobId: "j1", attempt: 1, status: "failed", at: at(4), input: { for: "j1" }, failure: told },
    {
      jobId: "j2",
      attempt: 1,
      status: "rejected",
      at: at(5),
      input: { for: "j2" },
      failure: { kind: "business", name: "No", message: "no" },
    },
    { jobId: "j3", attempt: 1, status: "cancelled", at: at(6), input: { for: "j3" } },
    {
      jobId: "j1",
      attempt: 2,
      status: "timedOut",
      at: at(11),
      input: { for: "j1" },
      failure: { ...told, kind: "timeout" },
    },
    { jobId: "j1", attempt: 3, status: "completed", at: at(14), input: { for: "again" }, output: "paid" },
  ].map((attempt) => ({ job: "pay", ...attempt }));
  const fly = { job: "fly", jobId: "j4", attempt: 1, status: "waiting", at: at(7), input: { for: "j4" } };
  expect(shownAttempts(history, "pay")).toEqual(pay);
  expect(shownAttempts(history, "fly")).toEqual([fly]);
  expect(shownAttempts(history, "none")).toEqual([]);
  expect(shownAttempts(history)).toEqual([...pay.slice(0, 3), fly, ...pay.slice(3)]);
});

test("an attempt is running once it has begun, and cancelled with its job if it was not over", () => {
  const statuses = (...after: RunEvent[]) =>
    shownAttempts(happened(scheduled("j1"), requested("j1"), ...after)).map(({ status }) => status);
  expect(statuses(begun("j1"))).toEqual(["running"]);
  expect(statuses(begun("j1"), { type: "JobAbandoned", jobId: "j1" })).toEqual(["cancelled"]);
  expect(
    statuses(failed("j1", 1, "technical"), requested("j1", 2), { type: "JobCancelled", jobId: "j1" }),
  ).toEqual(["failed", "cancelled"]);
  // Of another job, or by a person: that is no attempt's end.
  expect(statuses(scheduled("j2"), { type: "JobCancelled", jobId: "j2" })).toEqual(["waiting"]);
  expect(statuses({ type: "JobCompleted", jobId: "j1", output: "1" })).toEqual(["waiting"]);
});

test("a job that is tried again keeps its input unless it is given another", () => {
  const inputs = (...events: RunEvent[]) => shownAttempts(happened(...events)).map(({ input }) => input);
  expect(inputs(scheduled("j1"), requested("j1"), retried("j1"), requested("j1", 2))).toEqual([
    { for: "j1" },
    { for: "j1" },
  ]);
});

const registered = (compensationId: string, undoes?: string): RunEvent => ({
  type: "CompensationRegistered",
  compensationId,
  jobType: "refund",
  input: `"${compensationId}"`,
  ...(undoes !== undefined && { undoes }),
});

test("each compensation is told with what it undoes and how far it got, those that are owed last", () => {
  const undo = (jobId: string, compensationId: string) => scheduled(jobId, "refund", { compensationId });
  const failure: Failure = { kind: "business", name: "No", message: "no" };
  const history = happened(
    scheduled("j1"),
    registered("c1", "j1"),
    ...["c2", "c3", "c4", "c5", "c6", "c7"].map((id) => registered(id, "unknown")),
    undo("j2", "c7"),
    undo("j3", "c2"),
    undo("j4", "c3"),
    undo("j5", "c4"),
    undo("j6", "c5"),
    undo("j7", "c6"),
    { type: "JobCompleted", jobId: "j3", attempt: 1, output: "1" },
    { type: "JobRejected", jobId: "j4", attempt: 1, failure },
    { type: "JobFailed", jobId: "j5", failure },
    { type: "JobStuck", jobId: "j6", failure },
    { type: "JobAbandoned", jobId: "j7" },
    // Of a job that undoes nothing.
    { type: "JobCompleted", jobId: "j1", attempt: 1, output: "1" },
  );
  expect(shownCompensations(history)).toEqual([
    { job: "refund", input: "c7", status: "running" },
    { job: "refund", input: "c2", status: "done" },
    { job: "refund", input: "c3", status: "failed", failure },
    { job: "refund", input: "c4", status: "failed", failure },
    { job: "refund", input: "c5", status: "stuck", failure },
    { job: "refund", input: "c6", status: "failed" },
    { job: "refund", input: "c1", status: "owed", undoes: "pay" },
  ]);
  const again = [...history, ...happened(retried("j6"))];
  expect(shownCompensations(again)[4]).toMatchObject({ input: "c5", status: "running" });
  const cancelled = [...history, ...happened({ type: "JobCancelled", jobId: "j6" })];
  expect(shownCompensations(cancelled)[4]).toMatchObject({ input: "c5", status: "failed" });
});
