import { describe, expect, it } from "vitest";
import {
  advance,
  latestTime,
  longestDurationMs,
  maxStepBytes,
  type RunDecision,
  type RunEvent,
  wakesCode,
  wholeTime,
} from "../../src/index.ts";
import { action, begun, by, declined, fails, outage, requested, started, stuck } from "../samples.ts";
import { given, runId, t0 } from "../scenario.ts";

const schedule: RunDecision = { type: "ScheduleJob", jobId: "j1", jobType: "charge", input: "1" };

describe("What the code wants", () => {
  it("becomes events in its order", () => {
    given(started)
      .whenCodeWants({ type: "SetLabels", labels: { city: "Bern" } }, schedule, {
        type: "SetTimer",
        timerId: "t1",
        dueAt: t0 + 5,
      })
      .brings({ type: "LabelsSet", labels: { city: "Bern" } }, ...requested(), {
        type: "TimerSet",
        timerId: "t1",
        generation: 1,
        dueAt: t0 + 5,
      });
  });

  it("is dropped after what ends the run", () => {
    const after = given(started)
      .whenCodeWants({ type: "CompleteRun", output: "1" }, schedule, { type: "FailRun", failure: declined })
      .brings({ type: "RunCompleted", output: "1" });
    expect(after.state?.status).toBe("completed");
  });

  it("may end the run in each of its ways", () => {
    given(started)
      .whenCodeWants({ type: "FailRun", failure: declined })
      .brings({ type: "RunFailed", failure: declined });
    given(started).whenCodeWants({ type: "FinishCancel" }).brings({ type: "RunCancelled" });
    given(started)
      .whenCodeWants({ type: "FinishCancel", failure: outage })
      .brings({ type: "RunCancelled", failure: outage });
    const { run } = given(started)
      .whenCodeWants({ type: "GetStuck", failure: outage })
      .brings({ type: "RunStuck", failure: outage });
    expect(run.stuck).toEqual(outage);
  });

  it("leaves the run stuck, and nothing else done, when it is too large", () => {
    const input = "x".repeat(maxStepBytes / 4);
    const decisions = [1, 2, 3, 4].map(
      (n): RunDecision => ({ ...schedule, jobId: `j${n}`, input }) as RunDecision,
    );
    const { run } = given(started);
    const { events, state } = advance(run, decisions, { runId, at: t0, inputId: "i" });
    expect(events).toMatchObject([{ type: "RunStuck", failure: { kind: "code", name: "DecisionTooLarge" } }]);
    expect(state).toMatchObject({ seq: 2, jobs: null, jobCount: 0 });
  });

  it("is taken when it is just not too large", () => {
    const input = "x".repeat(maxStepBytes - 200);
    const { events } = advance(given(started).run, [{ ...schedule, input } as RunDecision], {
      runId,
      at: t0,
      inputId: "i",
    });
    expect(events.map((event) => event.type)).toEqual(["JobScheduled", "AttemptRequested"]);
  });
});

describe("Compensations", () => {
  it("are registered for the job whose work they undo", () => {
    given(started)
      .whenCodeWants({
        type: "RegisterCompensation",
        compensationId: "c1",
        jobType: "refund",
        input: "1",
        undoes: "j1",
      })
      .brings({
        type: "CompensationRegistered",
        compensationId: "c1",
        jobType: "refund",
        input: "1",
        undoes: "j1",
      });
  });

  it("begin with the run failing, which lets go of what is not in flight", () => {
    given(started, ...requested(), ...stuck(), ...requested({}, "j2"))
      .whenCodeWants({ type: "BeginFailing", failure: declined })
      .brings({ type: "RunFailing", failure: declined }, { type: "JobCancelled", jobId: "j1" })
      .whenCodeWants({ type: "BeginFailing", failure: outage })
      .brings();
  });

  it("are tried as any job while the run is closing", () => {
    given(
      started,
      { type: "RunFailing", failure: declined },
      ...requested({ retry: { jitter: 0 } }, "j1", "c1"),
    )
      .when(fails())
      .brings({ type: "AttemptFailed", jobId: "j1", attempt: 1, failure: outage, ...by, retryAt: t0 + 1_000 })
      .after(1_000)
      .when({ type: "RequestAttempt", jobId: "j1", attempt: 2 })
      .brings({ type: "AttemptRequested", jobId: "j1", attempt: 2 });
  });

  it("that are stuck can be retried by a person while the run is closing", () => {
    given(started, { type: "RunFailing", failure: declined }, ...requested({}, "j1", "c1"), ...stuck())
      .when({ type: "RetryJob", jobId: "j1", action: action() })
      .brings(
        { type: "JobRetried", jobId: "j1", action: action() },
        { type: "AttemptRequested", jobId: "j1", attempt: 2 },
      );
  });

  it("stay when a person cancels the run", () => {
    given(started, ...requested({}, "j1", "c1"), ...stuck())
      .when({ type: "CancelRun", action: action() })
      .brings({ type: "RunCancelRequested", action: action() });
  });
});

describe("A time that can't be", () => {
  const odd = [-1, 0.5, latestTime + 1, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER];

  it.each(odd)("as that of a timer gets the run stuck: %d", (dueAt) => {
    const message = `The code asked for a timer at ${dueAt}: a time is a whole number of ms from 0 to ${latestTime}.`;
    given(started)
      .whenCodeWants({ type: "SetTimer", timerId: "t1", dueAt }, schedule)
      .brings({ type: "RunStuck", failure: { kind: "code", name: "InvalidTime", message } });
  });

  it.each([-1, longestDurationMs + 1, Number.NaN, Number.POSITIVE_INFINITY])(
    "as that of a time-out gets the run stuck: %d",
    (timeoutMs) => {
      const message = `The code asked for a time-out of ${timeoutMs} ms: it is from 0 to ${longestDurationMs}.`;
      given(started)
        .whenCodeWants({ type: "AwaitSignal", waitId: "w1", name: "go", timeoutMs }, schedule)
        .brings({ type: "RunStuck", failure: { kind: "code", name: "InvalidTime", message } });
    },
  );

  it("is none of the first and the last there are", () => {
    for (const dueAt of [0, latestTime])
      given(started)
        .whenCodeWants({ type: "SetTimer", timerId: "t1", dueAt })
        .brings({ type: "TimerSet", timerId: "t1", generation: 1, dueAt });
    for (const timeoutMs of [0, longestDurationMs])
      given(started)
        .whenCodeWants({ type: "AwaitSignal", waitId: "w1", name: "go", timeoutMs })
        .brings(
          { type: "SignalAwaited", waitId: "w1", name: "go", timeoutMs },
          { type: "TimerSet", timerId: "w1", generation: 1, dueAt: wholeTime(t0 + timeoutMs), waitId: "w1" },
        );
  });

  it("stops the step there: what was asked for before is done, what came after is not", () => {
    given(started)
      .whenCodeWants(
        schedule,
        { type: "SetTimer", timerId: "t1", dueAt: -1 },
        { type: "CompleteRun", output: "1" },
      )
      .brings(...requested(), {
        type: "RunStuck",
        failure: {
          kind: "code",
          name: "InvalidTime",
          message: `The code asked for a timer at -1: a time is a whole number of ms from 0 to ${latestTime}.`,
        },
      });
  });
});

describe("A wait for a signal", () => {
  it("without a time-out lasts for as long as it takes", () => {
    given(started)
      .whenCodeWants({ type: "AwaitSignal", waitId: "w1", name: "go" })
      .brings({ type: "SignalAwaited", waitId: "w1", name: "go" });
  });

  it("says which signal alone it waits for", () => {
    given(started)
      .whenCodeWants({ type: "AwaitSignal", waitId: "w1", name: "go", signalId: "s7" })
      .brings({ type: "SignalAwaited", waitId: "w1", name: "go", signalId: "s7" });
  });
});

it("The code is woken by what it waits for, and not by what is between the engine and the workers", () => {
  const wakes: RunEvent[] = [
    started,
    { type: "RunFailing", failure: declined },
    { type: "RunCancelRequested", action: action() },
    { type: "RunResumed", action: action() },
    { type: "RunRepaired", action: action(), outcome: "cut", message: "x" },
    { type: "JobCompleted", jobId: "j1", output: "1" },
    { type: "JobRejected", jobId: "j1", attempt: 1, failure: declined },
    { type: "JobFailed", jobId: "j1", failure: outage },
    { type: "JobCancelled", jobId: "j1" },
    { type: "TimerFired", timerId: "t1", generation: 1 },
    { type: "SignalDelivered", waitId: "w1", signalId: "s1" },
    { type: "SignalWaitEnded", waitId: "w1", because: "timeout" },
  ];
  for (const event of wakes) expect([event.type, wakesCode(event)]).toEqual([event.type, true]);
  const leaves: RunEvent[] = [
    ...requested(),
    begun(),
    ...stuck(),
    { type: "AttemptHeartbeat", jobId: "j1", attempt: 1 },
    { type: "JobRetried", jobId: "j1", action: action() },
    { type: "RunStuck", failure: outage },
    { type: "RunCompleted", output: "1" },
    { type: "SignalReceived", signalId: "s1", name: "go", payload: "1" },
    { type: "TimerCancelled", timerId: "t1", generation: 1 },
  ];
  for (const event of leaves) expect([event.type, wakesCode(event)]).toEqual([event.type, false]);
});
