import { describe, expect, it } from "vitest";
import { decide, evolve, maxPayloadBytes, orderedMap, type RunEvent, setAside } from "../../src/index.ts";
import { plainState } from "../plain-state.ts";
import {
  action,
  backingOff,
  begun,
  by,
  completes,
  declined,
  fails,
  outage,
  requested,
  started,
  stuck,
} from "../samples.ts";
import { type Asked, given, runId, t0 } from "../scenario.ts";

const start: Asked = { type: "StartRun", workflow: "order", input: "{}", commandId: "start" };
const cancelRequested: RunEvent = { type: "RunCancelRequested", action: action() };

describe("Starting a run", () => {
  it("makes it, with its labels and who started it", () => {
    given()
      .when({ ...start, labels: { city: "Bern" }, startedBy: "mia" } as Asked)
      .brings({ ...started, labels: { city: "Bern" }, startedBy: "mia" } as RunEvent);
  });

  it("twice with one command is one start, even when the run is over", () => {
    given().when(start).brings(started).when(start).ignored();
    given(started, { type: "RunCompleted", output: "1" }).when(start).ignored();
  });

  it("is refused when another command made a run of this id", () => {
    given(started)
      .when({ ...start, commandId: "other" })
      .rejectedAs("RunExists");
    given(started, { type: "RunCompleted", output: "1" })
      .when({ ...start, commandId: "other" })
      .rejectedAs("RunExists");
  });

  it("is refused with an input that is too long", () => {
    given()
      .when({ ...start, input: "x".repeat(maxPayloadBytes + 1) } as Asked)
      .rejectedAs("PayloadTooLarge");
  });
});

describe("A run that does not exist", () => {
  it("refuses every other command", () => {
    given().when({ type: "CancelRun", action: action() }).rejectedAs("UnknownRun");
    given().when(completes()).rejectedAs("UnknownRun");
  });

  it("leaves heartbeats without an answer", () => {
    given()
      .when({ type: "HeartbeatAttempt", jobId: "j1", attempt: 1, ...by })
      .ignored();
  });
});

describe("Cancelling a run", () => {
  it("waits for attempts in flight and lets go of the rest", () => {
    const after = given(
      started,
      ...requested({}, "j1"),
      ...requested({}, "j2"),
      begun("j2"),
      ...requested({}, "j3"),
      backingOff(t0 + 9, "j3"),
      ...requested({}, "j4"),
      ...stuck("j4"),
      { type: "TimerSet", timerId: "t1", generation: 1, dueAt: t0 + 5 },
      { type: "SignalAwaited", waitId: "w1", name: "paid" },
    )
      .when({ type: "CancelRun", action: action() })
      .brings(
        cancelRequested,
        { type: "JobCancelled", jobId: "j3" },
        { type: "JobCancelled", jobId: "j4" },
        { type: "SignalWaitEnded", waitId: "w1", because: "closing" },
        { type: "TimerCancelled", timerId: "t1", generation: 1 },
      );
    expect(orderedMap.keys(after.run.jobs)).toEqual(["j1", "j2"]);
    expect(after.run).toMatchObject({ timers: null, waits: null });
  });

  it("takes the result of an attempt in flight", () => {
    given(started, ...requested(), cancelRequested)
      .when(completes())
      .brings({ type: "JobCompleted", jobId: "j1", output: "2", attempt: 1, ...by });
  });

  it("makes no new attempt of a job that fails from then on", () => {
    given(started, ...requested(), cancelRequested)
      .when(fails())
      .brings(
        { type: "AttemptFailed", jobId: "j1", attempt: 1, failure: outage, ...by },
        { type: "JobCancelled", jobId: "j1" },
      );
  });

  it("is refused when the run is closing already", () => {
    const again: Asked = { type: "CancelRun", action: action("a2") };
    given(started, cancelRequested).when(again).rejectedAs("RunCancelling");
    given(started, { type: "RunFailing", failure: declined }).when(again).rejectedAs("RunCancelling");
  });

  it("twice with one action id is one cancel", () => {
    given(started, cancelRequested).when({ type: "CancelRun", action: action() }).ignored();
  });

  it("has the code asked again if it was stuck", () => {
    const after = given(started, { type: "RunStuck", failure: outage })
      .when({ type: "CancelRun", action: action() })
      .brings(cancelRequested);
    expect(after.run.stuck).toBeUndefined();
  });
});

describe("Terminating a run", () => {
  it("ends it at once, even when it is closing, and remembers the attempts it did not wait for", () => {
    const after = given(started, ...requested(), ...requested({}, "j2"), begun("j2"), cancelRequested)
      .when({ type: "TerminateRun", action: action("a2") })
      .brings(
        { type: "JobAbandoned", jobId: "j1" },
        { type: "JobAbandoned", jobId: "j2" },
        { type: "RunTerminated", action: action("a2") },
      );
    expect(after.state && plainState(after.state)).toMatchObject({
      status: "terminated",
      closedAt: t0,
      unanswered: ["j1/1", "j2/1"],
      actions: ["a1", "a2"],
    });
  });

  it("is refused when the run is over", () => {
    given(started, { type: "RunCompleted", output: "1" })
      .when({ type: "TerminateRun", action: action() })
      .rejectedAs("RunOver");
  });
});

describe("Resuming a run", () => {
  it("has its stuck code asked again", () => {
    const after = given(started, { type: "RunStuck", failure: outage })
      .when({ type: "ResumeRun", action: action() })
      .brings({ type: "RunResumed", action: action() });
    expect(after.run.stuck).toBeUndefined();
  });

  it("is refused when its code is not stuck", () => {
    given(started)
      .when({ type: "ResumeRun", action: action() })
      .rejectedAs("RunNotStuck")
      .when({ type: "ResumeRun", action: action() })
      .ignored();
  });
});

describe("A history that the engine did not write", () => {
  const context = { runId, seq: 1, at: t0, inputId: "i" };

  it("can't begin with anything but a start", () => {
    expect(() => evolve(undefined, { type: "LabelsSet", labels: {} }, context)).toThrow(RangeError);
  });

  it("can't start twice, go on after the end, or speak of a job that is over", () => {
    expect(() => given(started, started)).toThrow("RunStarted can't follow a run that is running.");
    expect(() =>
      given(started, { type: "RunCompleted", output: "1" }, { type: "LabelsSet", labels: {} }),
    ).toThrow(RangeError);
    expect(() => given(started, begun())).toThrow(RangeError);
  });
});

describe("A run that is closing says so", () => {
  it.each([
    [cancelRequested, "The run is being cancelled already; it can still be terminated."],
    [
      { type: "RunFailing", failure: declined } satisfies RunEvent,
      "The run is failing already; it can still be terminated.",
    ],
  ])("when it is to be cancelled after %j", (event, message) => {
    const { outcome } = given(started, event).when({ type: "CancelRun", action: action("a2") });
    expect(outcome).toMatchObject({ type: "rejected", code: "RunCancelling", message });
  });
});

describe("A run that is set aside", () => {
  const damaged = setAside(given(started).state, { runId, workflow: "order", at: t0 }, "event 3 is missing");

  it("takes no signals, and says why", () => {
    const signal = {
      type: "SendSignal",
      commandId: "c",
      runId,
      signalId: "s",
      name: "go",
      payload: "1",
    } as const;
    expect(decide(damaged, signal, t0)).toEqual({
      type: "rejected",
      code: "RunDamaged",
      message:
        "The run is set aside, for its history is damaged: event 3 is missing. It can be repaired or terminated.",
    });
  });

  it("is closed when it is terminated", () => {
    const terminate = { type: "TerminateRun", commandId: "c", runId, action: action() } as const;
    expect(decide(damaged, terminate, t0)).toEqual({
      type: "accepted",
      events: [{ type: "RunRepaired", action: action(), outcome: "closed", message: "event 3 is missing" }],
    });
  });
});
