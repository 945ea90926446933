import { describe, expect, it } from "vitest";
import { advance, maxStepLength, type RunDecision, wakesCode } from "../../src/index.ts";
import { action, by, declined, fails, outage, requested, started, stuck } from "../samples.ts";
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
    const input = "x".repeat(maxStepLength / 4);
    const decisions = [1, 2, 3, 4].map(
      (n): RunDecision => ({ ...schedule, jobId: `j${n}`, input }) as RunDecision,
    );
    const { run } = given(started);
    const { events, state } = advance(run, decisions, { runId, at: t0, inputId: "i" });
    expect(events).toMatchObject([{ type: "RunStuck", failure: { kind: "code", name: "DecisionTooLarge" } }]);
    expect(state).toMatchObject({ seq: 2, jobs: null, jobCount: 0 });
  });

  it("is taken when it is just not too large", () => {
    const input = "x".repeat(maxStepLength - 200);
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

it("The code is woken by what it waits for, and not by what is between the engine and the workers", () => {
  expect(wakesCode(started)).toBe(true);
  expect(wakesCode({ type: "TimerFired", timerId: "t1", generation: 1 })).toBe(true);
  expect(wakesCode({ type: "AttemptRequested", jobId: "j1", attempt: 1 })).toBe(false);
  expect(wakesCode({ type: "JobStuck", jobId: "j1", failure: outage })).toBe(false);
});
