import type { RunDecision, RunEventType } from "@downbeat/domain";
import { business, by, RunDriver, schedule, technical, undo } from "./run-driver.ts";

const at = Date.UTC(2026, 10, 2, 8, 0, 0);
const refused = technical("ConnectionError", "connect ECONNREFUSED 10.0.7.12:8443");
const once = { options: { retry: { maxAttempts: 1 }, whenExhausted: "fail" } };
const twice = { options: { retry: { maxAttempts: 2 }, heartbeatMs: 1_000 } };

/** Retries, people's actions, signals, timers; then it fails and is compensated. */
function failedTrip(): RunDriver {
  const run = new RunDriver("failed-trip", at);
  return run
    .do(
      {
        type: "StartRun",
        workflow: "bookTrip",
        input: '{"trip":7}',
        labels: { order: "order-7" },
        startedBy: "ada",
      },
      schedule("j1", "processPayment", { amount: 12 }, twice),
      { type: "SetLabels", labels: { region: "eu" } },
      { type: "RecordVersion", changeId: "two-days", version: 2 },
    )
    .wait(20)
    .heartbeat("j1")
    .wait(600)
    .heartbeat("j1")
    .wait(10)
    .fail("j1", refused)
    .wait(5)
    .do({ type: "RunJobNow", jobId: "j1", ...by("ada", "it is up again", "a-now") })
    .wait(10)
    .fail("j1", refused)
    .wait(1_000)
    .do({
      type: "RetryJob",
      jobId: "j1",
      input: '{"amount":13}',
      ...by("grace", "fixed the amount", "a-retry"),
    })
    .wait(30)
    .complete("j1", { receipt: 1 }, undo("c1", "refundPayment", "j1"), {
      type: "AwaitSignal",
      waitId: "w1",
      name: "approval",
      timeoutMs: 60_000,
    })
    .wait(100)
    .do({ type: "RetryJob", jobId: "j1", ...by("grace", "once more", "a-late") })
    .wait(100)
    .do(
      { type: "SendSignal", signalId: "s1", name: "approval", payload: '{"approved":true}', actor: "linus" },
      { type: "SetTimer", timerId: "t1", dueAt: run.now + 500 },
      { type: "AwaitSignal", waitId: "w2", name: "seat", timeoutMs: 300 },
      { type: "AwaitSignal", waitId: "w3", name: "meal" },
    )
    .do({ type: "SendSignal", signalId: "s2", name: "weather", payload: "1" })
    .wait(300)
    .do({ type: "FireTimer", timerId: "w2", generation: 1 }, schedule("j2", "bookFlight", {}, once))
    .wait(300)
    .do({ type: "FireTimer", timerId: "t1", generation: 1 }, schedule("j3", "bookHotel", {}))
    .wait(5)
    .fail("j2", technical("NoSeat", "seat 14C is gone"))
    .wait(5)
    .reject(
      "j3",
      business("NoRoom", "no room left"),
      { type: "BeginFailing", failure: business("NoRoom", "no room left") },
      schedule("j4", "refundPayment", {}, { compensationId: "c1" }),
    )
    .wait(5)
    .complete("j4", null, { type: "FailRun", failure: business("NoRoom", "no room left") });
}

function cancelledTrip(): RunDriver {
  return new RunDriver("cancelled-trip", at + 60_000)
    .do({ type: "StartRun", workflow: "bookTrip", input: "{}" }, schedule("j1", "processPayment", {}))
    .wait(10)
    .complete("j1", 1, undo("c1", "refundPayment", "j1"), {
      type: "GetStuck",
      failure: technical("TypeError", "x is null"),
    })
    .wait(10)
    .do({ type: "ResumeRun", ...by("ada", "fixed the code", "a-resume") }, schedule("j2", "bookFlight", {}), {
      type: "SetTimer",
      timerId: "t1",
      dueAt: at + 999_000,
    })
    .wait(10)
    .fail("j2", refused)
    .wait(10)
    .do(
      { type: "CancelRun", ...by("ada", "the customer called", "a-cancel") },
      { type: "GetStuck", failure: technical("UnknownWorkflow", "There is no workflow bookTrip.") },
      schedule("j3", "refundPayment", {}, { compensationId: "c1" }),
    )
    .wait(10)
    .do(
      { type: "CancelJob", jobId: "j3", ...by("ada", "refunded by hand", "a-cancel-job") },
      { type: "FinishCancel" },
    );
}

function terminatedTrip(): RunDriver {
  return new RunDriver("terminated-trip", at + 120_000)
    .do(
      { type: "StartRun", workflow: "bookGroup", input: "{}" },
      schedule("j1", "processPayment", {}),
      undo("c1", "refundPayment", "j1"),
      { type: "AwaitSignal", waitId: "w1", name: "approval" },
    )
    .wait(10)
    .do({ type: "TerminateRun", ...by("ada", "a test run", "a-terminate") });
}

function completedTrip(): RunDriver {
  return new RunDriver("completed-trip", at + 180_000)
    .do({ type: "StartRun", workflow: "bookTrip", input: "{}" }, schedule("j1", "processPayment", {}), {
      type: "AwaitSignal",
      waitId: "w1",
      name: "changes",
      timeoutMs: 60_000,
    })
    .wait(10)
    .do(
      { type: "CompleteJob", jobId: "j1", output: '"by hand"', ...by("ada", "paid in cash", "a-complete") },
      { type: "AbandonSignalWait", waitId: "w1" },
      {
        type: "CompleteRun",
        output: '{"ok":true}',
      },
    );
}

/** The one with damage in between: everything but the tests of damage is simpler without it. */
export function repairedTrip(): RunDriver {
  return new RunDriver("repaired-trip", at + 240_000)
    .do({ type: "StartRun", workflow: "bookTrip", input: "{}" }, schedule("j1", "processPayment", {}))
    .wait(10)
    .damage()
    .wait(10)
    .do({ type: "RepairRun", outcome: "cut", ...by("ada", "the disk is new", "a-repair") })
    .wait(10)
    .complete("j1", 1, { type: "CompleteRun", output: "1" });
}

/** One whose code lives in workers. */
export function delegatedTrip(): RunDriver {
  const answer = (upTo: number, ...decisions: RunDecision[]) =>
    ({ type: "AnswerQuestion", upTo, answerId: `a${upTo}`, decisions, worker: "w1", build: "7" }) as const;
  return new RunDriver("delegated-trip", at + 300_000, "workers")
    .do({ type: "StartRun", workflow: "bookTrip", input: "{}" })
    .wait(5)
    .do({ type: "AskAgain", upTo: 1, attempt: 1, because: "history" })
    .wait(5)
    .do(answer(1, schedule("j1", "processPayment", {})))
    .wait(10)
    .complete("j1", 1)
    .wait(5)
    .do(answer(6, { type: "CompleteRun", output: "1" }));
}

/** People do what time would do, or have it done later. */
function steeredTrip(): RunDriver {
  const run = new RunDriver("steered-trip", at + 360_000);
  return run
    .do(
      { type: "StartRun", workflow: "bookTrip", input: "{}" },
      schedule("j1", "processPayment", {}),
      { type: "SetTimer", timerId: "t1", dueAt: run.now + 500 },
      { type: "SetTimer", timerId: "t2", dueAt: run.now + 600 },
      { type: "AwaitSignal", waitId: "w1", name: "approval", timeoutMs: 60_000 },
    )
    .wait(20)
    .heartbeat("j1")
    .wait(20)
    .do({ type: "TimeOutJob", jobId: "j1", ...by("ada", "it hangs", "a-out") })
    .do({
      type: "PostponeRetry",
      jobId: "j1",
      until: run.now + 5_000,
      ...by("ada", "the bank is away", "a-put"),
    })
    .do({ type: "PostponeTimer", timerId: "t1", until: run.now + 9_000, ...by("ada", "a holiday", "a-late") })
    .do({ type: "LiftTimeout", timerId: "w1", ...by("ada", "they asked for more time", "a-lift") })
    .wait(10)
    .do({ type: "FireTimerNow", timerId: "t2", ...by("ada", "no need to wait", "a-fire") })
    .do({ type: "FireTimerNow", timerId: "t2", ...by("ada", "no need to wait", "a-again") })
    .do({ type: "TerminateRun", ...by("ada", "a test run", "a-over") });
}

/** Runs that together hold every type of event there is, but those of `repairedTrip` and `delegatedTrip`. */
export function everyEvent(): RunDriver[] {
  return [failedTrip(), cancelledTrip(), terminatedTrip(), completedTrip(), steeredTrip()];
}

/** The compiler asks for the missing ones. */
export const allEventTypes: Readonly<Record<RunEventType, true>> = {
  RunStarted: true,
  LabelsSet: true,
  VersionRecorded: true,
  RunCompleted: true,
  RunFailing: true,
  RunFailed: true,
  RunCancelRequested: true,
  RunCancelled: true,
  RunTerminated: true,
  RunStuck: true,
  CodeGivenUp: true,
  CodeAnswered: true,
  CodeAskedAgain: true,
  RunResumed: true,
  RunRepaired: true,
  JobScheduled: true,
  AttemptRequested: true,
  AttemptStarted: true,
  AttemptHeartbeat: true,
  AttemptFailed: true,
  JobCompleted: true,
  JobRejected: true,
  JobStuck: true,
  JobFailed: true,
  JobCancelled: true,
  JobAbandoned: true,
  JobRetried: true,
  BackOffSkipped: true,
  RetryPostponed: true,
  TimerSet: true,
  TimerPostponed: true,
  TimerFired: true,
  TimerCancelled: true,
  SignalAwaited: true,
  SignalReceived: true,
  SignalDelivered: true,
  SignalWaitEnded: true,
  SignalWaitAbandoned: true,
  CompensationRegistered: true,
  CommandRefused: true,
};
