import { describe, expect, it } from "vitest";
import type { Failure } from "../../src/index.ts";
import {
  action,
  beats,
  begun,
  by,
  completes,
  declined,
  exactly,
  fails,
  requested,
  started,
} from "../samples.ts";
import { type Asked, given, type Scenario, t0 } from "../scenario.ts";

const begins = (redelivered?: number, worker = "w"): Asked =>
  ({ ...beats(), worker, begins: true, ...(redelivered !== undefined && { redelivered }) }) as Asked;
/** As older workers say it, which begin it the first time without waiting for an answer. */
const cameBack = (redelivered: number): Asked => ({ ...beats(), redelivered }) as Asked;
const taken = (redelivered: number, worker = "w") =>
  ({ type: "AttemptStarted", jobId: "j1", attempt: 1, ...by, worker, redelivered }) as const;

const ended: Failure = {
  kind: "technical",
  name: "WorkerEnded",
  message: "w ended, or lost its connection to the log, with the attempt in hand.",
};
const failed = { type: "AttemptFailed", jobId: "j1", attempt: 1, failure: ended, ...by } as const;

describe("An attempt that came back from a worker that had begun it", () => {
  it("has failed, and the next one is asked for after a back-off", () => {
    const after = given(started, ...requested(exactly))
      .when(begins())
      .brings(begun())
      .when(begins(1, "w2"))
      .brings({ ...failed, retryAt: t0 + 1_000 });
    expect(after.deadlines).toMatchObject([{ command: { type: "RequestAttempt", attempt: 2 } }]);
  });

  it("counts each time: as many workers end as there are attempts, and no more", () => {
    let scenario: Scenario = given(started, ...requested({ retry: { maxAttempts: 3, jitter: 0 } }));
    for (let attempt = 1; attempt <= 3; attempt++) {
      const asked = (redelivered?: number) => ({ ...begins(redelivered), attempt }) as Asked;
      scenario = scenario.when(asked()).brings({ ...begun("j1", attempt), startedAt: scenario.now } as never);
      const { outcome } = scenario.when(asked(1));
      expect(outcome).toMatchObject({
        type: "accepted",
        events: [{ failure: { name: "WorkerEnded" } }, ...(attempt === 3 ? [{ type: "JobStuck" }] : [])],
      });
      if (outcome.type === "accepted") scenario = scenario.and(...outcome.events);
      if (attempt < 3)
        scenario = scenario
          .after(60_000)
          .and({ type: "AttemptRequested", jobId: "j1", attempt: attempt + 1 });
    }
    expect(scenario.job().status).toBe("stuck");
  });

  it("leaves its job stuck when no attempt is left", () => {
    given(started, ...requested({ retry: { maxAttempts: 1 } }), begun())
      .when(begins(1))
      .brings(failed, { type: "JobStuck", jobId: "j1", failure: ended });
  });

  it("is refused to who had it handed out beside, for another worker has it", () => {
    given(started, ...requested(), taken(2))
      .when(begins(2, "w2"))
      .rejectedAs("AttemptOver");
    given(started, ...requested(), taken(2))
      .when(begins(1, "w2"))
      .rejectedAs("AttemptOver");
    given(started, ...requested(), begun())
      .when(begins(undefined, "w2"))
      .ignored();
  });

  it("may still be completed by that worker, which was only cut off, until another one is asked", () => {
    const after = given(started, ...requested(exactly), begun(), { ...failed, retryAt: t0 + 1_000 });
    const done = { type: "JobCompleted", jobId: "j1", output: "2", attempt: 1, ...by } as const;
    after.when(completes()).brings(done);
    after
      .when({ type: "RejectAttempt", jobId: "j1", attempt: 1, failure: declined, ...by })
      .brings({ type: "JobRejected", jobId: "j1", attempt: 1, failure: declined, ...by });
    after.when(fails()).ignored();
    after.when(beats()).ignored();
    after.and({ type: "AttemptRequested", jobId: "j1", attempt: 2 }).when(completes()).ignored();
  });

  it("makes the next attempts careful ones", () => {
    const after = given(started, ...requested(), begun(), { ...failed, retryAt: t0 }).and({
      type: "AttemptRequested",
      jobId: "j1",
      attempt: 2,
    });
    expect(after.lastEffect).toMatchObject({ type: "DispatchAttempt", attempt: 2, careful: true });
    expect(given(started, ...requested()).lastEffect).not.toHaveProperty("careful");
  });
});

describe("An attempt that came back unbegun", () => {
  it("is begun however often it came back, and that is no attempt more", () => {
    given(started, ...requested())
      .when(begins(1))
      .brings(taken(1));
    given(started, ...requested())
      .when(begins(7))
      .brings(taken(7));
  });

  it("is refused when it is over", () => {
    const over = given(started, ...requested())
      .when(completes())
      .brings({ type: "JobCompleted", jobId: "j1", output: "2", attempt: 1, ...by });
    over.when(begins(1)).rejectedAs("AttemptOver");
    over.when(begins()).ignored();
    const terminated = given(started, ...requested(), { type: "RunTerminated", action: action() });
    terminated.when(begins(1)).rejectedAs("AttemptOver");
    given().when(begins(1)).rejectedAs("UnknownRun");
    given().when(begins()).ignored();
    expect.hasAssertions();
  });
});

describe("An attempt of which the log doesn't know whether it came back", () => {
  const again = (commandId = "b1", worker = "w"): Asked =>
    ({ ...beats(), worker, begins: true, again: true, commandId }) as Asked;
  const takenBy = (beginId: string, worker = "w") =>
    ({ type: "AttemptStarted", jobId: "j1", attempt: 1, ...by, worker, beginId }) as const;

  it("is begun when nobody had begun it", () => {
    given(started, ...requested())
      .when(again())
      .brings(takenBy("b1"));
  });

  it("has failed when somebody had, each time", () => {
    given(started, ...requested(exactly), begun())
      .when(again())
      .brings({ ...failed, retryAt: t0 + 1_000 });
    given(started, ...requested(exactly), takenBy("b1"))
      .when(again("b2"))
      .brings({ ...failed, retryAt: t0 + 1_000 });
    given(started, ...requested(exactly), takenBy("b1"))
      .when(begins(1))
      .brings({ ...failed, retryAt: t0 + 1_000 });
  });

  it("was begun once when that is said twice", () => {
    given(started, ...requested())
      .when(again())
      .brings(takenBy("b1"))
      .when(again())
      .ignored();
  });

  it("is refused when it is over", () => {
    const over = given(started, ...requested())
      .when(completes())
      .brings({ type: "JobCompleted", jobId: "j1", output: "2", attempt: 1, ...by });
    over.when(again()).rejectedAs("AttemptOver");
    given().when(again()).rejectedAs("UnknownRun");
    expect.hasAssertions();
  });
});

describe("An attempt that came back to an older worker", () => {
  it("is taken up once more, and fails when that worker ends as well", () => {
    given(started, ...requested(exactly))
      .when(cameBack(1))
      .brings(taken(1))
      .when(cameBack(2))
      .brings({ ...failed, retryAt: t0 + 1_000 });
  });

  it("is taken up however often it came back, if no worker began it since", () => {
    given(started, ...requested())
      .when(cameBack(7))
      .brings(taken(7));
    given(started, ...requested(), begun())
      .when(cameBack(3))
      .brings(taken(3));
  });

  it("may be said to come back twice, when it was handed out twice", () => {
    given(started, ...requested(), taken(2))
      .when(cameBack(2))
      .brings(taken(2));
  });

  it("is refused to a worker that waits for the answer, when it is over", () => {
    const over = given(started, ...requested())
      .when(completes())
      .brings({ type: "JobCompleted", jobId: "j1", output: "2", attempt: 1, ...by });
    over.when(cameBack(2)).rejectedAs("AttemptOver");
    over.when(cameBack(1)).ignored();
    expect.hasAssertions();
  });
});
