import type { RunEvent } from "@downbeat/domain";
import { openEmbeddedLog } from "@downbeat/embedded-log";
import { Engine, MemoryStateStore, systemClock } from "@downbeat/engine";
import { until } from "@downbeat/message-log/testing";
import {
  encodeInboxMessage,
  type InboxCommand,
  parseHistoryRecord,
  parseJobMessage,
  topics,
} from "@downbeat/protocol";
import { job, workflow } from "@downbeat/sdk";
import { inProcessDecisions } from "@downbeat/sdk/decisions";
import { expect, onTestFinished, test } from "vitest";

const part = job<number, number>("part");

const workflows = [
  workflow("jobs", async (run, count: number) => {
    const parts = Array.from({ length: count }, (_, index) => run.job(part, index));
    return (await Promise.all(parts)).length;
  }),
  workflow("waits", async (run, count: number) => {
    const signals = Array.from({ length: count }, (_, index) =>
      run.signal(`s${index}`, { timeout: "1 day" }),
    );
    await Promise.all(signals);
  }),
];

/** Long enough for a busy machine; none of it is waited for. */
const patience = { timeout: 60_000 };

/** An engine on a log in memory, with all that it wrote. */
async function opened() {
  const embedded = await openEmbeddedLog({ file: ":memory:", storage: "inline" });
  const log = embedded.connect();
  for (const topic of ["inbox", "history"]) await log.createPartitionedTopic(topic, 1);
  const dropped: string[] = [];
  const engine = new Engine({
    log: embedded.connect({ deliver: "beforeCommit" }),
    decisions: inProcessDecisions(workflows),
    partitions: 1,
    owner: "engine",
    clock: systemClock,
    wallClock: Date.now,
    store: () => new MemoryStateStore(),
    observer: { dropped: (_, reason) => dropped.push(reason) },
    tickMs: 100,
  });
  onTestFinished(async () => {
    await engine.stop();
    await embedded.close();
  });
  const events: RunEvent[] = [];
  await log.openReader(topics.history(0), {
    from: "earliest",
    onMessage: ({ payload }) => {
      const record = parseHistoryRecord(payload);
      if (record?.kind !== "decisions") return;
      for (const decision of record.decisions) for (const event of decision.events) events.push(event);
    },
  });
  const attempts: { readonly jobId: string; readonly attempt: number }[] = [];
  const worker = await log.openConsumer(topics.jobs("part"), {
    subscription: "workers",
    type: "Shared",
    onMessage: ({ payload, position }) => {
      attempts.push(parseJobMessage(payload));
      worker.acknowledge(position);
    },
  });
  const inbox = await log.openProducer(topics.inbox(0));
  engine.start();
  return {
    attempts,
    dropped,
    events,
    send: (commands: readonly InboxCommand[]) => inbox.send({ payload: encodeInboxMessage(commands) }),
    has: (type: RunEvent["type"]) => events.some((event) => event.type === type),
  };
}

function start(name: string, count: number): InboxCommand {
  return { type: "StartRun", commandId: "start", runId: "r", workflow: name, input: String(count) };
}

test("a step of 5,000 jobs is recorded, handed over and completed, job by job", patience, async () => {
  const { attempts, dropped, has, send } = await opened();
  await send([start("jobs", 5_000)]);
  await until("all are handed over", () => attempts.length >= 5_000, patience.timeout);
  const done = new Set<string>();
  await until(
    "the run is over",
    async () => {
      const fresh = attempts.filter(({ jobId }) => !done.has(jobId)).slice(0, 500);
      for (const { jobId } of fresh) done.add(jobId);
      const by = { worker: "w", startedAt: 1, output: "1" };
      const results = fresh.map(
        ({ jobId, attempt }): InboxCommand => ({
          type: "CompleteAttempt",
          commandId: `${jobId}/done`,
          runId: "r",
          jobId,
          attempt,
          ...by,
        }),
      );
      if (results.length > 0) await send(results);
      return has("RunCompleted");
    },
    patience.timeout,
  );
  expect(done.size).toBe(5_000);
  expect(dropped).toEqual([]);
});

test("one more and the run is stuck, and says with the figure what to do", patience, async () => {
  const { attempts, dropped, events, has, send } = await opened();
  await send([start("jobs", 5_001)]);
  await until("it is stuck", () => has("RunStuck"), patience.timeout);
  expect(events.map(({ type }) => type)).toEqual(["RunStarted", "RunStuck"]);
  expect(events[1]).toMatchObject({
    failure: {
      name: "TooManyRequests",
      message:
        "The code asked for more than 5000 things in one step. Wait for some of them before asking for more.",
    },
  });
  expect(attempts).toEqual([]);
  expect(dropped).toEqual([]);
});

test("a run with 10,000 things open is cancelled as any other", patience, async () => {
  const { dropped, events, has, send } = await opened();
  await send([start("waits", 5_000)]);
  await until(
    "it waits",
    () => events.filter(({ type }) => type === "TimerSet").length === 5_000,
    patience.timeout,
  );
  const action = { actionId: "a", actor: "mia", reason: "it was asked for" };
  await send([{ type: "CancelRun", commandId: "cancel", runId: "r", action }]);
  await until("it is over", () => has("RunCancelled"), patience.timeout);
  const ended = events.filter(({ type }) => type === "SignalWaitEnded" || type === "TimerCancelled");
  expect(ended).toHaveLength(10_000);
  expect(dropped).toEqual([]);
});
