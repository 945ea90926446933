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
