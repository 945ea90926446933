import { describe, expect, it } from "vitest";
import { idempotencyKey, maxPayloadBytes, type RunEvent } from "../../src/index.ts";
import {
  action,
  backingOff,
  begun,
  by,
  completes,
  exactly,
  fails,
  outage,
  requested,
  started,
  stuck,
} from "../samples.ts";
import { given, runId, t0 } from "../scenario.ts";

const a = { jobId: "j1", action: action() } as const;

describe("Retrying a stuck job", () => {
  const isStuck = given(started, ...requested({ retry: { jitter: 0, maxAttempts: 2 } }), ...stuck());

  it("asks for a next attempt under the same idempotency key", () => {
    const after = isStuck
      .when({ type: "RetryJob", ...a })
      .brings({ type: "JobRetried", ...a }, { type: "AttemptRequested", jobId: "j1", attempt: 2 });
    expect(idempotencyKey(runId, after.job())).toBe("order-1/j1");
  });

  it("with an edited input carries a new idempotency key, since another input is another effect", () => {
    const after = isStuck
      .when({ type: "RetryJob", ...a, input: "9" })
      .brings(
        { type: "JobRetried", ...a, input: "9" },
        { type: "AttemptRequested", jobId: "j1", attempt: 2 },
      );
    expect(after.job()).toMatchObject({ input: "9", inputRevision: 1 });
    expect(after.lastEffect).toMatchObject({
      type: "DispatchAttempt",
      input: "9",
      idempotencyKey: "order-1/j1#1",
    });
  });

  it("gives the job a fresh set of attempts, and its back-off begins again", () => {
    isStuck
      .and({ type: "JobRetried", ...a }, { type: "AttemptRequested", jobId: "j1", attempt: 2 })
      .when(fails("j1", 2))
      .brings({ type: "AttemptFailed", jobId: "j1", attempt: 2, failure: outage, ...by, retryAt: t0 + 1_000 })
      .and({ type: "AttemptRequested", jobId: "j1", attempt: 3 })
      .when(fails("j1", 3))
      .brings(
        { type: "AttemptFailed", jobId: "j1", attempt: 3, failure: outage, ...by },
        { type: "JobStuck", jobId: "j1", failure: outage },
      );
  });

  it("twice with one action id is one retry", () => {
    isStuck
      .when({ type: "RetryJob", ...a })
      .brings({ type: "JobRetried", ...a }, { type: "AttemptRequested", jobId: "j1", attempt: 2 })
      .when({ type: "RetryJob", ...a })
      .ignored();
  });

  it("is refused while the job is being done, or will be tried again by itself", () => {
    for (const before of [begun(), backingOff()])
      given(started, ...requested(), before)
        .when({ type: "RetryJob", ...a })
        .rejectedAs("JobNotStuck");
    given(started, ...requested(), begun())
      .when({ type: "RetryJob", ...a })
      .rejectedAs("JobNotStuck")
      .when({ type: "RetryJob", ...a })
      .ignored();
  });

  it("is refused with an input that is too long", () => {
    isStuck
      .when({ type: "RetryJob", ...a, input: "x".repeat(maxPayloadBytes + 1) })
      .rejectedAs("PayloadTooLarge");
  });
});

describe("Retrying a job that waits for a worker", () => {
  const isWaiting = given(started, ...requested());
  const retried = [
    { type: "JobRetried", ...a },
    { type: "AttemptRequested", jobId: "j1", attempt: 2 },
  ] as const;

  it("asks for a next attempt under the same idempotency key: the one before may be in no queue any more", () => {
    const after = isWaiting.when({ type: "RetryJob", ...a }).brings(...retried);
    expect(idempotencyKey(runId, after.job())).toBe("order-1/j1");
    expect(after.lastEffect).toMatchObject({ type: "DispatchAttempt", attempt: 2 });
  });

  it("twice with one action id is one retry", () => {
    isWaiting
      .when({ type: "RetryJob", ...a })
      .brings(...retried)
      .when({ type: "RetryJob", ...a })
      .ignored();
  });

  it("leaves what the attempt before answers after all without effect", () => {
    isWaiting
      .and(...retried)
      .when(completes("j1", 1))
      .ignored();
  });

  it("is refused in a run that is closing, which makes no more attempts", () => {
    given(started, ...requested(), { type: "RunCancelRequested", action: action("c") })
      .when({ type: "RetryJob", ...a })
      .rejectedAs("JobNotStuck");
  });
});

describe("Cancelling a job", () => {
  it("ends it whatever it is doing", () => {
    for (const before of [[], [begun()], [backingOff()], stuck()]) {
      const after = given(started, ...requested(), ...before)
        .when({ type: "CancelJob", ...a })
        .brings({ type: "JobCancelled", ...a });
      expect(after.run.jobs).toBeNull();
    }
  });
});

describe("Cancelling what a job waits for", () => {
  const cancel = { type: "CancelJob", ...a } as const;

  it("cancels the job as long as it waits for that", () => {
    given(started, ...requested(), backingOff())
      .when({ ...cancel, onlyWhile: "backingOff", attempt: 1 })
      .brings({ type: "JobCancelled", ...a });
    given(started, ...requested(), begun())
      .when({ ...cancel, onlyWhile: "inFlight", attempt: 1 })
      .brings({ type: "JobCancelled", ...a });
  });

  it("is refused, with what it does instead, when its next attempt is under way, or it backs off again", () => {
    const next = [backingOff(), { type: "AttemptRequested", jobId: "j1", attempt: 2 }] as const;
    given(started, ...requested(), ...next)
      .when({ ...cancel, onlyWhile: "backingOff", attempt: 1 })
      .rejectedAs("JobNotBackingOff");
    given(started, ...requested(), ...next)
      .when({ ...cancel, onlyWhile: "inFlight", attempt: 1 })
      .rejectedAs("JobNotInFlight");
    given(started, ...requested(), backingOff())
      .when({ ...cancel, onlyWhile: "inFlight" })
      .rejectedAs("JobNotInFlight");
    given(started, ...requested(), backingOff())
      .when({ ...cancel, onlyWhile: "backingOff", attempt: 2 })
      .rejectedAs("JobNotBackingOff");
    given(started, ...requested(), ...stuck())
      .when({ ...cancel, onlyWhile: "backingOff" })
      .rejectedAs("JobNotBackingOff");
  });
});

describe("Completing a job by hand", () => {
  it("takes the person's output, and refuses the worker's when it comes", () => {
    given(started, ...requested())
      .when({ type: "CompleteJob", ...a, output: "5" })
      .brings({ type: "JobCompleted", ...a, output: "5" })
      .when(completes())
      .rejectedAs("AttemptOver");
  });

  it("is refused with an output that is too long", () => {
    given(started, ...requested())
      .when({ type: "CompleteJob", ...a, output: "x".repeat(maxPayloadBytes + 1) })
      .rejectedAs("PayloadTooLarge");
  });
});

describe("Running a job now", () => {
  it("ends its back-off", () => {
    given(started, ...requested(exactly), backingOff())
      .when({ type: "RunJobNow", ...a })
      .brings({ type: "BackOffSkipped", ...a }, { type: "AttemptRequested", jobId: "j1", attempt: 2 });
  });

  it("is refused when the job does not back off", () => {
    given(started, ...requested())
      .when({ type: "RunJobNow", ...a })
      .rejectedAs("JobNotBackingOff");
  });
});

describe("An action on a job", () => {
  it("is refused when the job is over", () => {
    given(started, ...requested(), { type: "JobFailed", jobId: "j1", failure: outage })
      .when({ type: "CancelJob", ...a })
      .rejectedAs("JobOver");
  });

  it("is refused when the job never was, even if every object has something of its name", () => {
    for (const jobId of ["j2", "j0", "nonsense", "constructor", "toString", "__proto__"]) {
      given(started, ...requested())
        .when({ type: "CancelJob", ...a, jobId })
        .rejectedAs("UnknownJob");
    }
  });

  it("is refused when the run is over", () => {
    given(started, ...requested(), { type: "RunCompleted", output: "1" })
      .when({ type: "CancelJob", ...a })
      .rejectedAs("RunOver");
  });
});

describe("What a job is doing is said", () => {
  const states: [string, RunEvent[]][] = [
    ["waiting for a worker", []],
    ["running", [begun()]],
    ["backing off", [backingOff()]],
    ["stuck", stuck()],
  ];
  it.each(states)("when it can't be run now or retried, as it is %s", (words, events) => {
    const job = given(started, ...requested(), ...events);
    const now = job.when({ type: "RunJobNow", ...a }).outcome;
    if (words === "backing off") expect(now.type).toBe("accepted");
    else
      expect(now).toMatchObject({
        code: "JobNotBackingOff",
        message: `charge is not waiting for its next attempt: it is ${words}.`,
      });
    const retried = job.when({ type: "RetryJob", ...a }).outcome;
    if (words === "stuck" || words === "waiting for a worker") expect(retried.type).toBe("accepted");
    else
      expect(retried).toMatchObject({ code: "JobNotStuck", message: `charge is not stuck: it is ${words}.` });
  });
});

describe("While the run is closing", () => {
  const closing: RunEvent = { type: "RunFailing", failure: outage };

  it("a job that waits for a worker is not retried, as it makes no more attempts", () => {
    expect(given(started, ...requested(), closing).when({ type: "RetryJob", ...a }).outcome).toMatchObject({
      code: "JobNotStuck",
      message:
        "The run is closing and makes no more attempts: charge is waiting for a worker, and can be cancelled.",
    });
  });

  it("a compensation that waits for a worker is", () => {
    given(started, closing, ...requested({}, "j1", "c1"))
      .when({ type: "RetryJob", ...a })
      .brings({ type: "JobRetried", ...a }, { type: "AttemptRequested", jobId: "j1", attempt: 2 });
  });
});

it.each(["j2", "j0", "xj1", "j1x", "j01", "J1", ""])("A run with one job never had a job %j", (jobId) => {
  const over = given(started, ...requested(), { type: "JobCompleted", jobId: "j1", output: "1" });
  over.when({ type: "CancelJob", jobId, action: action() }).rejectedAs("UnknownJob");
  over.when({ type: "CancelJob", ...a }).rejectedAs("JobOver");
});
