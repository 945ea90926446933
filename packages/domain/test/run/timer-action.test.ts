import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide, latestTime, type OpenRun, openTimers, openWaits, type RunEvent } from "../../src/index.ts";
import { action, backingOff, begun, outage, requested, started } from "../samples.ts";
import { given, runId, t0 } from "../scenario.ts";

const sleep: RunEvent = { type: "TimerSet", timerId: "t1", generation: 1, dueAt: t0 + 100 };
const wait: readonly RunEvent[] = [
  { type: "SignalAwaited", waitId: "w1", name: "paid", timeoutMs: 100 },
  { type: "TimerSet", timerId: "w1", generation: 1, dueAt: t0 + 100, waitId: "w1" },
];
const fireNow = { type: "FireTimerNow", timerId: "t1", action: action() } as const;

describe("A sleep that a person ends", () => {
  it("fires at once, and only that one", () => {
    const earlier: RunEvent = { type: "TimerSet", timerId: "t2", generation: 1, dueAt: t0 + 50 };
    const after = given(started, sleep, earlier)
      .when(fireNow)
      .brings({ type: "TimerFired", timerId: "t1", generation: 1, action: action() });
    expect(openTimers(after.run).map(({ timerId }) => timerId)).toEqual(["t2"]);
  });

  it("fires once, however often the action is sent", () => {
    given(started, sleep)
      .when(fireNow)
      .brings({ type: "TimerFired", timerId: "t1", generation: 1, action: action() })
      .when(fireNow)
      .ignored()
      .after(100)
      .when({ type: "FireTimer", timerId: "t1", generation: 1 })
      .ignored();
  });

  it("can't be cancelled, since its run would never go on", () => {
    given(started, sleep)
      .when({ type: "LiftTimeout", timerId: "t1", action: action() })
      .rejectedAs("TimerNeeded");
  });
});

describe("A time-out of a wait for a signal", () => {
  it("that is fired ends the wait without a signal", () => {
    const after = given(started, ...wait)
      .when({ ...fireNow, timerId: "w1" })
      .brings(
        { type: "TimerFired", timerId: "w1", generation: 1, action: action() },
        { type: "SignalWaitEnded", waitId: "w1", because: "timeout" },
      );
    expect(openWaits(after.run)).toEqual([]);
  });

  it("that is taken away leaves the wait, which ends by its signal", () => {
    const after = given(started, ...wait)
      .when({ type: "LiftTimeout", timerId: "w1", action: action() })
      .brings({ type: "TimerCancelled", timerId: "w1", generation: 1, action: action() });
    expect(after.deadlines).toEqual([]);
    after
      .when({ type: "SendSignal", signalId: "s1", name: "paid", payload: "1" })
      .brings(
        { type: "SignalReceived", signalId: "s1", name: "paid", payload: "1" },
        { type: "SignalDelivered", waitId: "w1", signalId: "s1" },
      );
  });
});

describe("A timer that is put off", () => {
  const put = { type: "PostponeTimer", timerId: "t1", until: t0 + 500, action: action() } as const;
  const postponed: RunEvent = {
    type: "TimerPostponed",
    timerId: "t1",
    generation: 2,
    dueAt: t0 + 500,
    action: action(),
  };

  it("is due at the new moment, and wakes with a wake-up of its own", () => {
    const after = given(started, sleep).when(put).brings(postponed);
    expect(after.lastEffect).toEqual({
      type: "ArmTimer",
      runId,
      timerId: "t1",
      generation: 2,
      dueAt: t0 + 500,
    });
    after.after(100).when({ type: "FireTimer", timerId: "t1", generation: 1 }).ignored();
    after.after(499).when({ type: "FireTimer", timerId: "t1", generation: 2 }).ignored();
    after
      .after(500)
      .when({ type: "FireTimer", timerId: "t1", generation: 2 })
      .brings({ type: "TimerFired", timerId: "t1", generation: 2 });
  });

  it("may be due sooner, as long as that is ahead", () => {
    given(started, sleep)
      .when({ ...put, until: t0 + 1 })
      .brings({ ...postponed, dueAt: t0 + 1 });
    given(started, sleep)
      .when({ ...put, until: t0 })
      .rejectedAs("TimeNotAhead");
    given(started, sleep)
      .when({ ...put, until: latestTime + 1 })
      .rejectedAs("TimeNotAhead");
  });

  it("by a time is due so long after the moment at which it was due, however far that is", () => {
    const byMs = { type: "PostponeTimer", timerId: "t1", byMs: 30, action: action() } as const;
    given(started, sleep)
      .after(50)
      .when(byMs)
      .brings({ ...postponed, dueAt: t0 + 130 })
      .when({ ...byMs, commandId: "again", action: action("again") })
      .brings({ ...postponed, generation: 3, dueAt: t0 + 160, action: action("again") });
    given(started, sleep)
      .when({ ...byMs, byMs: latestTime })
      .brings({ ...postponed, dueAt: latestTime });
    for (const neither of [{}, { until: t0 + 500, byMs: 30 }])
      given(started, sleep)
        .when({ type: "PostponeTimer", timerId: "t1", action: action(), ...neither })
        .rejectedAs("TimeNotAhead");
    // Long overdue, and so it would still be.
    given(started, sleep).after(200).when(byMs).rejectedAs("TimeNotAhead");
  });

  it("is still the time-out of its wait", () => {
    given(started, ...wait)
      .when({ ...put, timerId: "w1" })
      .brings({ ...postponed, timerId: "w1" })
      .after(500)
      .when({ type: "FireTimer", timerId: "w1", generation: 2 })
      .brings(
        { type: "TimerFired", timerId: "w1", generation: 2 },
        { type: "SignalWaitEnded", waitId: "w1", because: "timeout" },
      );
  });
});

describe("A timer that is over", () => {
  const refusalOf = (events: readonly RunEvent[], timerId = "t1") => {
    const { state, now } = given(started, ...events).after(7);
    const past = events.map((event, index) => ({ seq: index + 2, at: now, event }));
    return decide(state, { ...fireNow, timerId, commandId: "c", runId }, now, undefined, past);
  };

  it("says when it fired, and by whom", () => {
    const fired: RunEvent = { type: "TimerFired", timerId: "t1", generation: 1 };
    expect(refusalOf([sleep, fired])).toEqual({
      type: "rejected",
      code: "TimerOver",
      message: "The timer is over: it fired at 1970-01-01T00:16:40.007Z.",
    });
    expect(refusalOf([sleep, { ...fired, action: action("other") }])).toMatchObject({
      message: "The timer is over: it was fired at 1970-01-01T00:16:40.007Z by mia.",
    });
    expect(refusalOf([sleep, { type: "TimerCancelled", timerId: "t1", generation: 1 }])).toMatchObject({
      message: "The timer is over: it was cancelled at 1970-01-01T00:16:40.007Z.",
    });
  });

  it("is told from one that never was", () => {
    expect(refusalOf([sleep], "t9")).toMatchObject({
      code: "UnknownTimer",
      message: "The run has no timer t9.",
    });
  });

  it("is not over by what came after the point that is decided about", () => {
    const { state, now } = given(started, sleep, { type: "TimerCancelled", timerId: "t1", generation: 1 });
    const past = [
      { seq: 3, at: now, event: { type: "TimerCancelled", timerId: "t1", generation: 1 } },
      { seq: 4, at: now, event: { type: "TimerFired", timerId: "t1", generation: 1 } },
    ] as const;
    expect(decide(state, { ...fireNow, commandId: "c", runId }, now, undefined, past)).toMatchObject({
      message: "The timer is over: it was cancelled at 1970-01-01T00:16:40.000Z.",
    });
  });

  it("of a run that is over says that the run is over", () => {
    given(started, sleep, { type: "RunTerminated", action: action("end") })
      .when(fireNow)
      .rejectedAs("RunOver");
  });
});

describe("A back-off that is put off", () => {
  const put = { type: "PostponeRetry", jobId: "j1", until: t0 + 5_000, action: action() } as const;

  it("by a time ends so long after the moment at which it would have", () => {
    given(started, ...requested(), begun(), backingOff())
      .after(400)
      .when({ type: "PostponeRetry", jobId: "j1", byMs: 3_000, action: action() })
      .brings({ type: "RetryPostponed", jobId: "j1", retryAt: t0 + 4_000, action: action() });
  });

  it("ends at the new moment, and not before", () => {
    const after = given(started, ...requested(), begun(), backingOff())
      .when(put)
      .brings({ type: "RetryPostponed", jobId: "j1", retryAt: t0 + 5_000, action: action() });
    const request = { type: "RequestAttempt", jobId: "j1", attempt: 2 } as const;
    expect(after.deadlines).toMatchObject([{ dueAt: t0 + 5_000, command: request }]);
    after.after(1_000).when(request).ignored();
    after.after(5_000).when(request).brings({ type: "AttemptRequested", jobId: "j1", attempt: 2 });
  });

  it("is refused when the attempt was requested meanwhile, and says when", () => {
    const { state, now } = given(started, ...requested(), begun(), backingOff(), {
      type: "AttemptRequested",
      jobId: "j1",
      attempt: 2,
    });
    expect(decide(state, { ...put, commandId: "c", runId }, now)).toEqual({
      type: "rejected",
      code: "JobNotBackingOff",
      message:
        "charge is not waiting for its next attempt: it is waiting for a worker. Attempt 2 was requested at 1970-01-01T00:16:40.000Z.",
    });
  });
});

describe("An attempt that a person ends before its time-out", () => {
  const timeOut = { type: "TimeOutJob", jobId: "j1", action: action() } as const;
  const failure = {
    kind: "timeout",
    name: "TimedOut",
    message: "mia ended the attempt before its time-out.",
  } as const;

  it("has failed, its worker is told, and what it still says counts no more", () => {
    const after = given(started, ...requested({ retry: { jitter: 0, initialIntervalMs: 10 } }), begun())
      .when(timeOut)
      .brings({
        type: "AttemptFailed",
        jobId: "j1",
        attempt: 1,
        failure,
        retryAt: t0 + 10,
        action: action(),
      });
    expect(after.lastEffect).toMatchObject({ type: "CallOffAttempt", because: "timedOut" });
    after.when(timeOut).ignored();
    after
      .when({ type: "CompleteAttempt", jobId: "j1", attempt: 1, output: "2", worker: "w", startedAt: t0 })
      .rejectedAs("AttemptOver");
  });

  it("gets its job stuck when it was the last one", () => {
    given(started, ...requested({ retry: { maxAttempts: 1 } }), begun())
      .when(timeOut)
      .brings(
        { type: "AttemptFailed", jobId: "j1", attempt: 1, failure, action: action() },
        { type: "JobStuck", jobId: "j1", failure },
      );
  });

  it("has to be under way", () => {
    given(started, ...requested(), begun(), backingOff())
      .when(timeOut)
      .rejectedAs("JobNotInFlight");
    const [scheduled] = requested(undefined, "j1", "c1") as [RunEvent];
    const held = given(started, { ...scheduled, heldUntil: t0 + 50 } as RunEvent);
    const [command, seen] = [timeOut, { ...timeOut, attempt: 1 }];
    for (const asked of [command, seen])
      expect(held.when(asked).outcome).toMatchObject({
        code: "JobNotInFlight",
        message: "No attempt of charge is under way: it is waiting for a worker.",
      });
  });
});

describe("What was seen of a job's attempt", () => {
  const secondTry: readonly RunEvent[] = [
    ...requested(),
    begun(),
    backingOff(),
    { type: "AttemptRequested", jobId: "j1", attempt: 2 },
    begun("j1", 2),
  ];
  const about = (attempt: number) => ({ jobId: "j1", attempt, action: action() });

  it("is ended if it is the one that is under way, and no other is in its stead", () => {
    const atWork = given(started, ...secondTry);
    expect(atWork.when({ type: "TimeOutJob", ...about(2) }).outcome.type).toBe("accepted");
    const other = atWork.when({ type: "TimeOutJob", ...about(1) });
    expect(other.outcome).toMatchObject({
      code: "JobNotInFlight",
      message: "Attempt 1 is over: charge is running, its newest attempt is 2.",
    });
    // The worker that was on the first one is still answered that it is over.
    const refused = other.rejectedAs("JobNotInFlight");
    expect(refused.run.unanswered).toEqual(atWork.run.unanswered);
    expect(atWork.when({ type: "TimeOutJob", ...about(3) }).outcome).toMatchObject({
      message: "There was no attempt 3: charge is running, its newest attempt is 2.",
    });
  });

  it("is what the back-off comes after, or the back-off is left as it is", () => {
    const failedAgain: RunEvent = {
      type: "AttemptFailed",
      jobId: "j1",
      attempt: 2,
      failure: outage,
      retryAt: t0 + 1_000,
    };
    const secondBackOff = given(started, ...secondTry, failedAgain);
    for (const command of [
      { type: "RunJobNow" },
      { type: "PostponeRetry", until: t0 + 5_000 },
      { type: "PostponeRetry", byMs: 5_000 },
    ] as const) {
      expect(secondBackOff.when({ ...command, ...about(2) }).outcome.type).toBe("accepted");
      expect(secondBackOff.when({ ...command, ...about(1) }).outcome).toMatchObject({
        code: "JobNotBackingOff",
        message: "Attempt 1 is over: charge is backing off, its newest attempt is 2.",
      });
    }
  });
});

it("whatever people do to timers, each is due once at most, and never before its moment", () => {
  const step = fc.record({
    act: fc.constantFrom("fire", "now", "put", "lift"),
    timerId: fc.constantFrom("t1", "w1"),
    generation: fc.integer({ min: 1, max: 4 }),
    ms: fc.integer({ min: -50, max: 300 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      let scenario = given(started, sleep, ...wait);
      const ended = new Map<string, number>();
      for (const [index, { act, timerId, generation, ms }] of steps.entries()) {
        scenario = scenario.after(Math.max(0, ms));
        const by = action(`a${index}`);
        const command = {
          fire: { type: "FireTimer", timerId, generation },
          now: { type: "FireTimerNow", timerId, action: by },
          put: { type: "PostponeTimer", timerId, until: scenario.now + ms, action: by },
          lift: { type: "LiftTimeout", timerId, action: by },
        } as const;
        const before: OpenRun = scenario.run;
        const { outcome } = scenario.when(command[act]);
        if (outcome.type !== "accepted") continue;
        for (const event of outcome.events) {
          if (event.type !== "TimerFired" && event.type !== "TimerCancelled") continue;
          ended.set(event.timerId, (ended.get(event.timerId) ?? 0) + 1);
          const timer = openTimers(before).find((one) => one.timerId === event.timerId);
          if (event.action === undefined) expect(timer?.dueAt).toBeLessThanOrEqual(scenario.now);
        }
        scenario = scenario.and(...outcome.events);
      }
      expect([...ended.values()].every((times) => times === 1)).toBe(true);
    }),
  );
});
