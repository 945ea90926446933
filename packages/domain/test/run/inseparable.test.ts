import { describe, expect, test } from "vitest";
import { isInseparable, type RunEvent } from "../../src/index.ts";
import { action, outage, requested, started } from "../samples.ts";

const retried: RunEvent = { type: "JobRetried", jobId: "j1", action: action() };
const attempt: RunEvent = { type: "AttemptRequested", jobId: "j1", attempt: 2 };
const failed: RunEvent = { type: "AttemptFailed", jobId: "j1", attempt: 1, failure: outage };
const received: RunEvent = { type: "SignalReceived", signalId: "s1", name: "go", payload: "1" };
const awaited: RunEvent = { type: "SignalAwaited", waitId: "w1", name: "go", timeoutMs: 5 };
const delivered: RunEvent = { type: "SignalDelivered", waitId: "w1", signalId: "s1" };
const set: RunEvent = { type: "TimerSet", timerId: "w1", generation: 1, dueAt: 5, waitId: "w1" };
const fired: RunEvent = { type: "TimerFired", timerId: "w1", generation: 1 };
const cancelled: RunEvent = { type: "TimerCancelled", timerId: "w1", generation: 1 };
const ended: RunEvent = { type: "SignalWaitEnded", waitId: "w1", because: "timeout" };
const [scheduled] = requested();

function ofJob(type: "JobStuck" | "JobFailed" | "JobCancelled", jobId = "j1"): RunEvent {
  return type === "JobCancelled" ? { type, jobId } : { type, jobId, failure: outage };
}

const pairs: [RunEvent, RunEvent][] = [
  [scheduled as RunEvent, attempt],
  [retried, attempt],
  [{ type: "BackOffSkipped", jobId: "j1", action: action() }, attempt],
  [failed, ofJob("JobStuck")],
  [failed, ofJob("JobFailed")],
  [failed, ofJob("JobCancelled")],
  [received, delivered],
  [awaited, set],
  [delivered, cancelled],
  [fired, ended],
];

describe("One record holds", () => {
  test.each(pairs.map(([before, event]) => [before.type, event.type, before, event] as const))(
    "%s and %s together",
    (_, __, before, event) => {
      expect(isInseparable(before, event)).toBe(true);
    },
  );
});

describe("Different records may hold", () => {
  test("any other two events", () => {
    const known = new Set(pairs.map(([before, event]) => `${before.type} ${event.type}`));
    const all = new Map([...pairs.flat(), started].map((event) => [event.type, event]));
    for (const before of all.values())
      for (const event of all.values()) {
        if (known.has(`${before.type} ${event.type}`)) continue;
        // Whatever speaks of the same job may be what the attempt was asked for with.
        const sameJob = event.type === "AttemptRequested" && "jobId" in before;
        expect([before.type, event.type, isInseparable(before, event)]).toEqual([
          before.type,
          event.type,
          sameJob,
        ]);
      }
  });

  test.each(["JobStuck", "JobFailed", "JobCancelled"] as const)(
    "%s and the failed attempt of another job",
    (type) => {
      expect(isInseparable(failed, ofJob(type, "j2"))).toBe(false);
    },
  );

  test("an attempt and what speaks of another job, or of none", () => {
    expect(isInseparable({ ...retried, jobId: "j2" } as RunEvent, attempt)).toBe(false);
    expect(isInseparable(started, attempt)).toBe(false);
  });
});
