import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AnyRunCommand, decide, maxPayloadBytes, type RunEvent } from "../../src/index.ts";
import {
  action,
  backingOff,
  beats,
  begun,
  by,
  completes,
  declined,
  exactly,
  fails,
  outage,
  requested,
  started,
  stuck,
} from "../samples.ts";
import { type Asked, given, t0 } from "../scenario.ts";

describe("The result of an attempt", () => {
  it("completes the job", () => {
    const after = given(started, ...requested())
      .when(completes())
      .brings({ type: "JobCompleted", jobId: "j1", output: "2", attempt: 1, ...by });
    expect(after.run.jobs).toBeNull();
  });

  it("ends the job at once when the service refuses for a reason of the business", () => {
    given(started, ...requested())
      .when({ type: "RejectAttempt", jobId: "j1", attempt: 1, failure: declined, ...by })
      .brings({ type: "JobRejected", jobId: "j1", attempt: 1, failure: declined, ...by });
  });

  it("is ignored when it comes a second time", () => {
    given(started, ...requested())
      .when(completes())
      .brings({ type: "JobCompleted", jobId: "j1", output: "2", attempt: 1, ...by })
      .when(completes())
      .ignored();
  });

  it("is ignored when a later attempt is under way already", () => {
    given(started, ...requested(), backingOff(), { type: "AttemptRequested", jobId: "j1", attempt: 2 })
      .when(completes("j1", 1))
      .ignored();
  });

  it("is ignored when it comes again while the job backs off", () => {
    given(started, ...requested(), backingOff())
      .when(fails())
      .ignored();
  });

  it("is refused for a job that never was", () => {
    given(started).when(completes("j1")).rejectedAs("UnknownJob");
    given(started, ...requested())
      .when(completes("constructor"))
      .rejectedAs("UnknownJob");
  });

  it("is refused for an attempt that was Asked requested", () => {
    given(started, ...requested())
      .when(completes("j1", 2))
      .rejectedAs("UnknownAttempt");
  });

  it("is invalid when its output is too long, and leaves the job stuck without another attempt", () => {
    const output = "x".repeat(maxPayloadBytes + 1);
    const failure = {
      kind: "invalid",
      name: "PayloadTooLarge",
      message: "The output is 131073 bytes of JSON; the limit is 131072.",
    } as const;
    given(started, ...requested())
      .when(completes("j1", 1, output))
      .brings(
        { type: "AttemptFailed", jobId: "j1", attempt: 1, failure, ...by },
        { type: "JobStuck", jobId: "j1", failure },
      );
  });

  it("is taken up to the longest output there may be", () => {
    const output = "x".repeat(maxPayloadBytes);
    given(started, ...requested())
      .when(completes("j1", 1, output))
      .brings({ type: "JobCompleted", jobId: "j1", output, attempt: 1, ...by });
  });
});

describe("An attempt that failed since its service was busy", () => {
  const busy = { kind: "technical", name: "Http429", message: "" } as const;
  const after = (retryAfterMs: number, attempt = 1) => ({
    ...fails("j1", attempt, busy),
    retryAfterMs,
  });
  const failed = { type: "AttemptFailed", jobId: "j1", attempt: 1, failure: busy, ...by } as const;

  it.each([
    [0, 1_000],
    [999, 1_000],
    [30_000, 30_000],
    [86_400_000, 86_400_000],
    [999_999_999_999, 86_400_000],
  ])("and asks for %d ms is tried again after %d ms", (asked, waited) => {
    given(started, ...requested(exactly))
      .when(after(asked) as Asked)
      .brings({ ...failed, retryAt: t0 + waited });
  });

  it("is not tried more often for that", () => {
    given(started, ...requested({ retry: { maxAttempts: 1 } }))
      .when(after(5_000) as Asked)
      .brings(failed, { type: "JobStuck", jobId: "j1", failure: busy });
  });
});

describe("A late result", () => {
  const timedOut = { kind: "timeout", name: "TimedOut", message: "", timeout: "startToClose" } as const;

  it("is refused once after a time-out, and ignored from then on", () => {
    given(started, ...requested(), begun(), {
      type: "AttemptFailed",
      jobId: "j1",
      attempt: 1,
      failure: timedOut,
      retryAt: t0,
    })
      .when(completes())
      .rejectedAs("AttemptOver")
      .when(completes())
      .ignored();
  });

  it("is not waited for when the worker itself reported the time-out", () => {
    const after = given(started, ...requested(), begun()).when(fails("j1", 1, timedOut)).outcome;
    expect(after.type).toBe("accepted");
    const reported = given(started, ...requested(), begun(), {
      type: "AttemptFailed",
      jobId: "j1",
      attempt: 1,
      failure: timedOut,
      retryAt: t0,
      ...by,
    });
    expect(reported.run.unanswered).toBeNull();
    reported.when(completes()).ignored();
  });

  it("is refused once after a person cancelled the job", () => {
    given(started, ...requested(), { type: "JobCancelled", jobId: "j1", action: action() })
      .when(completes())
      .rejectedAs("AttemptOver")
      .when(completes())
      .ignored();
  });

  it("is refused once after its run is over", () => {
    given(started, ...requested(), { type: "RunTerminated", action: action() })
      .when(completes())
      .rejectedAs("AttemptOver")
      .when(completes())
      .ignored();
  });

  it("leaves a heartbeat of the same attempt without an answer", () => {
    given(started, ...requested(), { type: "JobCancelled", jobId: "j1", action: action() })
      .when(beats())
      .ignored();
  });

  it("is not expected of a job that was cancelled while it was stuck", () => {
    given(started, ...requested(), ...stuck(), { type: "JobCancelled", jobId: "j1", action: action() })
      .when(completes())
      .ignored();
  });
});

describe("The first heartbeat", () => {
  const startedAt = (at: number) => ({ ...begun(), startedAt: at }) as RunEvent;
  const year = 366 * 86_400_000;

  it("says that the attempt has started", () => {
    given(started, ...requested())
      .after(5)
      .when(beats())
      .brings(startedAt(t0 + 5));
  });

  it("puts the start to when it came, whatever the worker's clock says", () => {
    for (const wrong of [-t0, -600_000, -1, 0, 999, 600_000, 5 * year]) {
      const asked = { ...beats(), startedAt: t0 + wrong } as Asked;
      for (const [ranForMs, at] of [
        [undefined, 2_000],
        [0, 2_000],
        [1_500, 500],
        [9_000, 0],
      ] as const) {
        given(started, ...requested())
          .after(2_000)
          .when({ ...asked, ...(ranForMs !== undefined && { ranForMs }) } as Asked)
          .brings(startedAt(t0 + at));
      }
    }
  });

  it("so that no deadline is computed from the worker's clock", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: t0 + 5 * year }), fc.nat(60_000), (worker, waited) => {
        const asked = { ...beats(), startedAt: worker, begins: true } as Asked;
        const waiting = given(started, ...requested({ startToCloseMs: 1_000 })).after(waited);
        const { outcome } = waiting.when(asked);
        const events = outcome.type === "accepted" ? outcome.events : [];
        expect(waiting.and(...events).deadlines).toMatchObject([{ dueAt: t0 + waited + 1_000 }]);
      }),
    );
  });

  it("that an older engine recorded by a worker's clock ends no attempt before it was asked for", () => {
    const old = given(started, ...requested({ startToCloseMs: 1_000 }), startedAt(t0 - 600_000));
    expect(old.deadlines).toMatchObject([{ dueAt: t0 + 1_000 }]);
  });
});

describe("The start that a result tells of", () => {
  const after = (more: object) => {
    const { outcome } = given(started, ...requested())
      .after(2_000)
      .when({ ...completes(), ...more } as Asked);
    return outcome.type === "accepted" ? outcome.events[0] : undefined;
  };

  it("is by the log's time, for people to look at", () => {
    expect(after({ startedAt: 5, ranForMs: 300 })).toMatchObject({ startedAt: t0 + 1_700 });
    expect(after({ startedAt: t0 + 9_999_999, ranForMs: 0 })).toMatchObject({ startedAt: t0 + 2_000 });
  });

  it("is within the attempt where an older worker tells only what its clock says", () => {
    expect(after({ startedAt: 5 })).toMatchObject({ startedAt: t0 });
    expect(after({ startedAt: t0 + 300 })).toMatchObject({ startedAt: t0 + 300 });
    expect(after({ startedAt: t0 + 9_999_999 })).toMatchObject({ startedAt: t0 + 2_000 });
  });

  it("is the one that was recorded, if its worker told it before", () => {
    const begunLater = given(started, ...requested(), { ...begun(), startedAt: t0 + 7 } as RunEvent);
    begunLater
      .after(50)
      .when({ ...completes(), startedAt: 1, ranForMs: 49 } as Asked)
      .brings({ type: "JobCompleted", jobId: "j1", output: "2", attempt: 1, worker: "w", startedAt: t0 + 7 });
  });
});

describe("Further heartbeats", () => {
  const running = given(started, ...requested({ heartbeatMs: 1_000 }), begun());

  it("are left out for a hundredth of the heartbeat time-out", () => {
    running.after(9).when(beats()).ignored();
  });

  it("are recorded from then on, so that silence is counted from the last of them", () => {
    const after = running
      .after(10)
      .when(beats())
      .brings({ type: "AttemptHeartbeat", jobId: "j1", attempt: 1 })
      .after(300)
      .when(beats())
      .brings({ type: "AttemptHeartbeat", jobId: "j1", attempt: 1 });
    expect(after.job()).toMatchObject({ heartbeatAt: t0 + 310 });
    expect(after.deadlines).toMatchObject([{ dueAt: t0 + 1_310 }]);
  });

  it("count from when the handler said them, if they were held back for a while", () => {
    const late = (agoMs: number) => ({ ...beats(), agoMs }) as Asked;
    const after = running
      .after(500)
      .when(late(100))
      .brings({ type: "AttemptHeartbeat", jobId: "j1", attempt: 1, agoMs: 100 });
    expect(after.deadlines).toMatchObject([{ dueAt: t0 + 1_400 }]);
    after.when(late(100)).ignored();
    // Never before what is known already, however long ago it is said to be.
    running.after(500).when(late(1e12)).ignored();
  });

  it("are recorded as they come when nobody counts from them", () => {
    given(started, ...requested(), begun())
      .after(30_000)
      .when({ ...beats(), agoMs: 100 } as Asked)
      .brings({ type: "AttemptHeartbeat", jobId: "j1", attempt: 1 });
  });

  it("are recorded every half minute when heartbeats are not watched", () => {
    const unwatched = given(started, ...requested(), begun());
    unwatched.after(29_999).when(beats()).ignored();
    unwatched
      .after(30_000)
      .when({ ...beats(), details: "7" } as Asked)
      .brings({ type: "AttemptHeartbeat", jobId: "j1", attempt: 1, details: "7" });
  });
});

describe("A technical failure", () => {
  it("backs off for the initial interval", () => {
    given(started, ...requested(exactly))
      .when(fails())
      .brings({
        type: "AttemptFailed",
        jobId: "j1",
        attempt: 1,
        failure: outage,
        ...by,
        retryAt: t0 + 1_000,
      });
  });

  it("asks for the next attempt when the back-off is over, and no earlier", () => {
    const waiting = given(started, ...requested(), backingOff(t0 + 1_000));
    waiting.after(999).when({ type: "RequestAttempt", jobId: "j1", attempt: 2 }).ignored();
    waiting
      .after(1_000)
      .when({ type: "RequestAttempt", jobId: "j1", attempt: 2 })
      .brings({ type: "AttemptRequested", jobId: "j1", attempt: 2 })
      .when({ type: "RequestAttempt", jobId: "j1", attempt: 2 })
      .ignored();
  });

  it("leaves the job stuck when its attempts are used up", () => {
    given(started, ...requested({ retry: { maxAttempts: 1 } }))
      .when(fails())
      .brings(
        { type: "AttemptFailed", jobId: "j1", attempt: 1, failure: outage, ...by },
        { type: "JobStuck", jobId: "j1", failure: outage },
      );
  });

  it("fails the job into the code when its attempts are used up and its type says so", () => {
    given(started, ...requested({ retry: { maxAttempts: 1 }, whenExhausted: "fail" }))
      .when(fails())
      .brings(
        { type: "AttemptFailed", jobId: "j1", attempt: 1, failure: outage, ...by },
        { type: "JobFailed", jobId: "j1", failure: outage },
      );
  });

  it("is not tried again when its name is one of the non-retryable", () => {
    given(started, ...requested({ retry: { nonRetryable: ["Unavailable"] } }))
      .when(fails())
      .brings(
        { type: "AttemptFailed", jobId: "j1", attempt: 1, failure: outage, ...by },
        { type: "JobStuck", jobId: "j1", failure: outage },
      );
  });

  it("is not tried again when the input could not be taken", () => {
    const failure = { kind: "invalid", name: "InvalidInput", message: "no" } as const;
    given(started, ...requested())
      .when(fails("j1", 1, failure))
      .brings(
        { type: "AttemptFailed", jobId: "j1", attempt: 1, failure, ...by },
        { type: "JobStuck", jobId: "j1", failure },
      );
  });
});

it("Two jobs that fail together, in one run or in two, don't all come back together", () => {
  const retryAt = (runId: string, jobId: string) => {
    const { run } = given(started, ...requested({}, jobId));
    const asked = { ...fails(jobId), commandId: "c", runId } as AnyRunCommand;
    const outcome = decide({ ...run, runId }, asked, t0);
    const event = outcome.type === "accepted" ? outcome.events[0] : undefined;
    return event?.type === "AttemptFailed" ? event.retryAt : undefined;
  };
  const jobs = Array.from({ length: 20 }, (_, n) => retryAt("order-1", `j${n}`));
  const runs = Array.from({ length: 20 }, (_, n) => retryAt(`order-${n}`, "j1"));
  expect(new Set(jobs).size).toBeGreaterThan(10);
  expect(new Set(runs).size).toBeGreaterThan(10);
});

it("No attempt begins after it is known to have begun, whatever the worker's clock says", () => {
  const ahead = { ...beats(), startedAt: t0 + 5_000 };
  given(started, ...requested())
    .when(ahead)
    .brings({ type: "AttemptStarted", jobId: "j1", attempt: 1, worker: "w", startedAt: t0 });
  given(started, ...requested())
    .when({ ...ahead, redelivered: 1 } as Asked)
    .brings({ type: "AttemptStarted", jobId: "j1", attempt: 1, worker: "w", startedAt: t0, redelivered: 1 });
});
