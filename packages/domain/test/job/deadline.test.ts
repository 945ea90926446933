import { describe, expect, it } from "vitest";
import type { JobOptions, RunEvent } from "../../src/index.ts";
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

  it("by what is over first; by its length when both are at once", () => {
    const running = given(started, ...requested({ heartbeatMs: 50, startToCloseMs: 50 }), begun());
    expect(running.deadlines).toMatchObject([{ dueAt: t0 + 50, command: timesOut("startToClose") }]);
    const silent = given(started, ...requested({ heartbeatMs: 49, startToCloseMs: 50 }), begun());
    expect(silent.deadlines).toMatchObject([{ dueAt: t0 + 49, command: timesOut("heartbeat") }]);
  });

  it("with a sentence that says which limit it was", () => {
    const said = (options: JobOptions, timeout: Parameters<typeof timesOut>[0], ...events: RunEvent[]) =>
      failureOf(given(started, ...requested(options), ...events).after(300_000), timesOut(timeout))?.message;
    expect(said({ startToCloseMs: 50 }, "startToClose", begun())).toBe("charge did not finish within 50 ms.");
    expect(said({}, "startToClose", begun())).toBe("charge did not finish within the default 300000 ms.");
    expect(said({ heartbeatMs: 50 }, "heartbeat", begun())).toBe("charge sent no heartbeat for 50 ms.");
    const [scheduled, attempt] = requested() as [RunEvent, RunEvent];
    expect(
      failureOf(given(started, scheduled, attempt, begun()).after(300_000), timesOut("startToClose"))
        ?.message,
    ).toBe("charge did not finish within the default 300000 ms.");
  });

  it("by nothing that is asked for before its time, or for another attempt", () => {
    const backing = given(started, ...requested(), backingOff(t0 + 70));
    backing.after(69).when({ type: "RequestAttempt", jobId: "j1", attempt: 2 }).ignored();
    backing.after(70).when({ type: "RequestAttempt", jobId: "j1", attempt: 3 }).ignored();
    backing.after(70).when(timesOut("startToClose")).ignored();
    const running = given(started, ...requested({ startToCloseMs: 50 }), begun());
    running.after(50).when({ type: "RequestAttempt", jobId: "j1", attempt: 1 }).ignored();
    running
      .after(50)
      .when({ type: "TimeOutAttempt", jobId: "j1", attempt: 2, timeout: "startToClose" })
      .ignored();
  });

  it("of a job that is over, or of a run that is over, by nothing", () => {
    const over = given(started, ...requested({ startToCloseMs: 50 }), begun());
    const done: RunEvent = { type: "JobCompleted", jobId: "j1", output: "1" };
    over.and(done).after(50).when(timesOut("startToClose")).ignored();
    over.and({ type: "RunCompleted", output: "1" }).after(50).when(timesOut("startToClose")).ignored();
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

it("Each deadline is one command, the same whoever finds it", () => {
  const commandId = (scenario: Scenario) => scenario.deadlines.map(({ command }) => command.commandId);
  expect(commandId(given(started, ...requested(), begun()))).toEqual(["deadline/order-1/j1/1"]);
  expect(commandId(given(started, ...requested(), backingOff()))).toEqual(["deadline/order-1/j1/1"]);
});

describe("Time alone brings nothing about", () => {
  it("for a job whose first attempt is yet to be decided", () => {
    const [scheduled] = requested({ scheduleToStartMs: 50 }) as [RunEvent];
    expect(given(started, scheduled).deadlines).toEqual([]);
  });

  it("for an attempt that may wait for a worker forever", () => {
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
