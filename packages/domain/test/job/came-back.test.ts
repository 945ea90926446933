import { describe, expect, it } from "vitest";
import type { Failure } from "../../src/index.ts";
import { beats, begun, by, completes, exactly, requested, started } from "../samples.ts";
import { type Asked, given, t0 } from "../scenario.ts";

const cameBack = (redelivered: number): Asked => ({ ...beats(), redelivered }) as Asked;
const taken = (redelivered: number) =>
  ({ type: "AttemptStarted", jobId: "j1", attempt: 1, ...by, redelivered }) as const;

const ended: Failure = {
  kind: "technical",
  name: "WorkerEnded",
  message:
    "Workers that had it ended again and again without an answer, w the last: it is not handed out once more.",
};

describe("An attempt that came back unanswered", () => {
  it("is taken up once more, and fails when that worker ends as well", () => {
    given(started, ...requested(exactly))
      .when(cameBack(1))
      .brings(taken(1))
      .when(cameBack(2))
      .brings({ type: "AttemptFailed", jobId: "j1", attempt: 1, failure: ended, ...by, retryAt: t0 + 1_000 });
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

  it("leaves its job stuck when no attempt is left", () => {
    const scenario = given(started, ...requested({ retry: { maxAttempts: 1 } }), taken(1));
    scenario
      .when(cameBack(2))
      .brings(
        { type: "AttemptFailed", jobId: "j1", attempt: 1, failure: ended, ...by },
        { type: "JobStuck", jobId: "j1", failure: ended },
      );
  });

  it("is refused to a worker that waits for the answer, when it is over", () => {
    const over = given(started, ...requested())
      .when(completes())
      .brings({ type: "JobCompleted", jobId: "j1", output: "2", attempt: 1, ...by });
    over.when(cameBack(2)).rejectedAs("AttemptOver");
    over.when(cameBack(1)).ignored();
    const terminated = given(started, ...requested(), {
      type: "RunTerminated",
      action: { actionId: "a", actor: "alice", reason: "" },
    });
    terminated.when(cameBack(2)).rejectedAs("AttemptOver");
    given().when(cameBack(2)).rejectedAs("UnknownRun");
    given().when(cameBack(1)).ignored();
    expect.hasAssertions();
  });
});
