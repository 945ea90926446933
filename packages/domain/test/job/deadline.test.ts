import { describe, expect, it } from "vitest";
import { backingOff, begun, requested, started, stuck } from "../samples.ts";
import { type Asked, given, type Scenario, t0 } from "../scenario.ts";

function timesOut(timeout: "scheduleToStart" | "startToClose" | "heartbeat"): Asked {
  return { type: "TimeOutAttempt", jobId: "j1", attempt: 1, timeout };
}

function failureOf(scenario: Scenario, asked: Asked) {
  const { outcome } = scenario.when(asked);
  const event = outcome.type === "accepted" ? outcome.events[0] : undefined;
  return event?.type === "AttemptFailed" ? event.failure : undefined;
}

describe("An attempt times out", () => {
  it("when no worker starts it", () => {
    const waiting = given(started, ...requested({ scheduleToStartMs: 50 }));
    expect(waiting.deadlines).toMatchObject([{ dueAt: t0 + 50, command: timesOut("scheduleToStart") }]);
    waiting.after(49).when(timesOut("scheduleToStart")).ignored();
    expect(failureOf(waiting.after(50), timesOut("scheduleToStart"))).toEqual({
      kind: "timeout",
      name: "TimedOut",
      timeout: "scheduleToStart",
      message: "No worker started charge within 50 ms.",
    });
  });

  it("when it takes too long", () => {
    const running = given(started, ...requested({ startToCloseMs: 50 }), begun());
    running.after(49).when(timesOut("startToClose")).ignored();
    expect(failureOf(running.after(50), timesOut("startToClose"))).toMatchObject({ timeout: "startToClose" });
  });

  it("after five minutes when nothing else is said", () => {
    expect(given(started, ...requested(), begun()).deadlines).toMatchObject([
      { dueAt: t0 + 300_000, command: timesOut("startToClose") },
    ]);
  });

  it("when it is silent for too long", () => {
    const running = given(started, ...requested({ heartbeatMs: 50 }), begun());
    expect(running.deadlines).toMatchObject([{ dueAt: t0 + 50, command: timesOut("heartbeat") }]);
    expect(failureOf(running.after(50), timesOut("heartbeat"))).toMatchObject({ timeout: "heartbeat" });
  });

  it("later when a heartbeat came in the meantime", () => {
    given(started, ...requested({ heartbeatMs: 50 }), begun())
      .after(30)
      .and({ type: "AttemptHeartbeat", jobId: "j1", attempt: 1 })
      .after(49)
      .when(timesOut("heartbeat"))
      .ignored();
  });

  it("never by the time-out of an earlier attempt", () => {
    given(started, ...requested({ scheduleToStartMs: 50 }), backingOff(), {
      type: "AttemptRequested",
      jobId: "j1",
      attempt: 2,
    })
      .after(50)
      .when(timesOut("scheduleToStart"))
      .ignored();
  });
});

describe("Time alone brings nothing about", () => {
  it("for an attempt that may wait for a worker for ever", () => {
    expect(given(started, ...requested()).deadlines).toEqual([]);
  });

  it("for a stuck job", () => {
    expect(given(started, ...requested({ scheduleToStartMs: 50 }), ...stuck()).deadlines).toEqual([]);
  });
});

it("A job that backs off is due for its next attempt", () => {
  expect(given(started, ...requested(), backingOff(t0 + 70)).deadlines).toMatchObject([
    { dueAt: t0 + 70, command: { type: "RequestAttempt", jobId: "j1", attempt: 2 } },
  ]);
});
