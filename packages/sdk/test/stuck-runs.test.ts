import type { Failure, RunEvent } from "@downbeat/domain";
import fc from "fast-check";
import { expect, test } from "vitest";
import { client, RunStuckError } from "../src/client/index.ts";
import { Standing } from "../src/client/standing.ts";
import { openTestLog } from "./open-log.ts";
import { Owner } from "./owner.ts";

const failure: Failure = { kind: "technical", name: "Down", message: "the bank is down" };
const broken: Failure = { kind: "code", name: "TypeError", message: "x is undefined" };
const action = { actionId: "a", actor: "mia", reason: "it is up" };
const started: RunEvent = { type: "RunStarted", workflow: "w", input: "1" };
const scheduled = { type: "JobScheduled", jobId: "j1", jobType: "pay", input: "1" } as RunEvent;
const jobStuck: RunEvent = { type: "JobStuck", jobId: "j1", failure };
const runStuck: RunEvent = { type: "RunStuck", failure: broken };
const retried = { type: "JobRetried", jobId: "j1", action } as unknown as RunEvent;
const resumed: RunEvent = { type: "RunResumed", action };
const completed: RunEvent = { type: "RunCompleted", output: '"done"' };

async function opened() {
  const log = await openTestLog(1);
  const owner = new Owner(log.connect());
  await owner.claim(0, 1);
  let seq = 1;
  return {
    log,
    client: client({ log: log.log }),
    record: async (...events: RunEvent[]) => {
      await owner.record(0, { runId: "r", workflow: "w", inputId: `i${seq}`, seq, events });
      seq += events.length;
    },
  };
}

test.each([
  [
    "a job of it is",
    jobStuck,
    { failure, jobType: "pay" },
    "Run r is stuck: pay has used up its attempts. Down: the bank is down",
  ],
  ["its code is", runStuck, { failure: broken }, "Run r is stuck: TypeError: x is undefined"],
])(
  "a run that was stuck before anybody looked is an error when it is asked for: %s",
  async (_, event, more, message) => {
    const { log, client: c, record } = await opened();
    await using _log = log;
    await record(started, scheduled, event);
    const thrown: unknown = await c
      .run("r")
      .result({ onStuck: "throw" })
      .catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(RunStuckError);
    expect(thrown).toMatchObject({ runId: "r", message, ...more });
    await c.close();
  },
);

test("one that gets stuck while it is waited for is, and is waited for again once it goes on", async () => {
  const { log, client: c, record } = await opened();
  await using _log = log;
  await record(started);
  const waiting = c.run("r").result();
  const asked = c.run("r").result({ onStuck: "throw" });
  await c.follow("r");
  await record(jobStuck);
  await expect(asked).rejects.toThrow("the bank is down");
  await expect(c.run("r").result({ onStuck: "throw" })).rejects.toThrow("the bank is down");
  await record(retried);
  const again = c.run("r").result({ onStuck: "throw" });
  await record(completed);
  expect(await Promise.all([again, waiting])).toEqual(["done", "done"]);
  await c.close();
});

/** In the order in which they happen; the run is stuck after the last of them, and not before. */
const untilStuck: Record<string, readonly RunEvent[]> = {
  "another job is at work": [
    scheduled,
    { type: "JobScheduled", jobId: "j2", jobType: "fly", input: "1" },
    jobStuck,
    { type: "AttemptFailed", jobId: "j2", attempt: 1, failure, retryAt: 2 },
    { type: "JobCompleted", jobId: "j2", output: "1", attempt: 2 },
  ],
  "it sleeps": [
    scheduled,
    { type: "TimerSet", timerId: "t1", generation: 1, dueAt: 9 },
    jobStuck,
    { type: "TimerPostponed", timerId: "t1", generation: 2, dueAt: 10, action },
    { type: "TimerFired", timerId: "t1", generation: 2 },
  ],
  "it waits for a signal": [
    scheduled,
    { type: "SignalAwaited", waitId: "w1", name: "go", timeoutMs: 5 },
    { type: "TimerSet", timerId: "w1", generation: 1, dueAt: 9, waitId: "w1" },
    jobStuck,
    { type: "TimerCancelled", timerId: "w1", generation: 1, action },
    { type: "SignalDelivered", waitId: "w1", signalId: "s" },
  ],
  "two jobs are stuck, and one is retried": [
    scheduled,
    { type: "JobScheduled", jobId: "j2", jobType: "fly", input: "1" },
    jobStuck,
    { type: "JobRetried", jobId: "j1", action },
    { type: "JobStuck", jobId: "j2", failure },
    jobStuck,
  ],
};

test.each(Object.entries(untilStuck))("a stuck job is no reason as long as %s", (_, events) => {
  const standing = new Standing();
  standing.take({ ...decision, seq: 1, events: [started] });
  for (const [index, event] of events.entries()) {
    expect(standing.stuck, `before ${event.type}`).toBeUndefined();
    standing.take({ ...decision, seq: index + 2, events: [event] });
  }
  expect(standing.stuck).toMatchObject({ failure });
});

test("a stuck job is no reason as long as code in workers has not said what it makes of what happened", () => {
  const standing = new Standing();
  const other: RunEvent = { type: "JobScheduled", jobId: "j2", jobType: "fly", input: "1" };
  standing.take({ ...decision, seq: 1, events: [{ ...started, codeIn: "workers" } as RunEvent] });
  const answer = { type: "CodeAnswered", upTo: 1, answerId: "a" } as const;
  standing.take({ ...decision, seq: 2, events: [answer, scheduled, other] });
  standing.take({ ...decision, seq: 5, events: [jobStuck] });
  standing.take({ ...decision, seq: 6, events: [{ type: "JobCompleted", jobId: "j2", output: "1" }] });
  expect(standing.stuck).toBeUndefined();
  // More than went into the answer is still to come.
  standing.take({ ...decision, seq: 7, events: [{ ...answer, upTo: 6, left: 2 }] });
  expect(standing.stuck).toBeUndefined();
  standing.take({ ...decision, seq: 8, events: [{ ...answer, upTo: 7 }] });
  expect(standing.stuck).toMatchObject({ failure, jobType: "pay" });
});

test("a command about a stuck job that is refused does not get it unstuck", () => {
  const standing = new Standing();
  const refused = {
    type: "CommandRefused",
    command: "RetryJob",
    code: "PayloadTooLarge",
    message: "no",
  } as const;
  standing.take({ ...decision, seq: 1, events: [started, scheduled, jobStuck, { ...refused, jobId: "j1" }] });
  expect(standing.stuck).toMatchObject({ failure });
});

test("a run that completes without the job that is stuck gives its result", async () => {
  const { log, client: c, record } = await opened();
  await using _log = log;
  await record(started, scheduled, { type: "TimerSet", timerId: "t1", generation: 1, dueAt: 9 });
  const asked = c.run("r").result({ onStuck: "throw" });
  await c.follow("r");
  await record(jobStuck);
  await record({ type: "TimerFired", timerId: "t1", generation: 1 }, completed);
  expect(await asked).toBe("done");
  await c.close();
});

test("an option that is none is refused", async () => {
  const { log, client: c } = await opened();
  await using _log = log;
  await expect(c.run("r").result({ onStuck: "fail" } as never)).rejects.toThrow(
    'onStuck can\'t be "fail": it is "wait" or "throw"',
  );
  await c.close();
});

test("however history comes, in parts and again, a run is stuck as its last events say", () => {
  const events = fc.array(fc.constantFrom(jobStuck, runStuck, retried, resumed), { maxLength: 12 });
  fc.assert(
    fc.property(events, fc.nat(12), fc.nat(12), (all, cut, back) => {
      const standing = new Standing();
      standing.take({ ...decision, seq: 1, events: all.slice(0, cut) });
      const from = Math.max(0, Math.min(cut, all.length) - back);
      standing.take({ ...decision, seq: from + 1, events: all.slice(from) });
      const last = (stuck: RunEvent, mended: RunEvent) => all.lastIndexOf(stuck) > all.lastIndexOf(mended);
      const isStuck = last(jobStuck, retried) || last(runStuck, resumed);
      expect(standing.stuck !== undefined).toBe(isStuck);
    }),
  );
});

const decision = { runId: "r", workflow: "w", inputId: "i" };

test("of several stuck jobs, the reason is the one that has been stuck the longest since it was retried", () => {
  const second: Failure = { kind: "technical", name: "Full", message: "the store is full" };
  const otherScheduled = { ...scheduled, jobId: "j2", jobType: "pack" } as RunEvent;
  const otherStuck: RunEvent = { type: "JobStuck", jobId: "j2", failure: second };
  const standing = new Standing();
  const events = [started, scheduled, otherScheduled, jobStuck, otherStuck];
  standing.take({ runId: "r", workflow: "w", inputId: "i1", seq: 1, events } as never);
  expect(standing.stuck).toEqual({ failure, jobType: "pay" });
  standing.take({ runId: "r", workflow: "w", inputId: "i2", seq: 6, events: [retried, jobStuck] } as never);
  expect(standing.stuck).toEqual({ failure: second, jobType: "pack" });
});
