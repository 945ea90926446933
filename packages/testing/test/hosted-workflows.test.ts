import { partitionOf, type RunEvent } from "@downbeat/domain";
import { openEmbeddedLog } from "@downbeat/embedded-log";
import { parseHistoryRecord, topics } from "@downbeat/protocol";
import type { AnyWorkflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { type Worker, worker } from "@downbeat/sdk/worker";
import { expect, onTestFinished, test, vi } from "vitest";
import { engineWithoutCode } from "../../sdk/test/engine-without-code.ts";
import { hostedByWorkers } from "../src/hosted-by-workers.ts";
import { large, spins, trip } from "./hosted-code.ts";

vi.setConfig({ testTimeout: 60_000 });

const handlers = {
  pay: async (n: number) => `paid ${n}`,
  fly: async () => "seat",
  refund: async () => "back",
};

/** Two engines without anybody's code, on one log. */
async function staged() {
  const embedded = await openEmbeddedLog({ file: ":memory:", storage: "inline" });
  const log = embedded.connect();
  for (const topic of ["inbox", "history"]) await log.createPartitionedTopic(topic, 2);
  const engines = await Promise.all(
    ["engine-1", "engine-2"].map((owner) =>
      engineWithoutCode(() => embedded.connect(), { partitions: 2, owner, delegation: hostedByWorkers }),
    ),
  );
  const told = new Map<string, RunEvent[]>();
  for (const partition of [0, 1])
    await log.openReader(topics.history(partition), {
      from: "earliest",
      onMessage: ({ payload }) => {
        const record = parseHistoryRecord(payload);
        if (record?.kind !== "decisions") return;
        for (const { runId, events } of record.decisions)
          told.set(runId, [...(told.get(runId) ?? []), ...events]);
      },
    });
  const problems: string[] = [];
  const workers: Worker[] = [];
  const host = (name: string, ...workflows: readonly AnyWorkflow[]) => {
    const hosted = worker({
      log: embedded.connect(),
      name,
      workflows,
      // Of processor time: on a busy machine the usual 5 s may take a minute.
      limits: { stepMs: 500 },
      jobs: handlers,
      onProblem: (problem, error) => problems.push(`${problem} ${error?.message}`),
    });
    workers.push(hosted);
    return hosted;
  };
  const c = client({ log: embedded.connect(), answerWithin: "20 seconds" });
  onTestFinished(async () => {
    await Promise.all(workers.map((one) => one.stop({ graceMs: 100 })));
    await c.close();
    await Promise.all(engines.map((engine) => engine.stop()));
    await embedded.close();
  });
  const has = (runId: string, type: RunEvent["type"]) =>
    vi.waitFor(() => expect(told.get(runId)?.map((event) => event.type)).toContain(type), 20_000);
  return { c, host, told, has, problems };
}

test("workers host the code of workflows and jobs, and engines need to know of neither", async () => {
  const { c, host, told, problems } = await staged();
  // Started before anybody is there who could say what comes next.
  const runs = await Promise.all([1, 2, 3, 4].map((n) => c.start(trip, n, { runId: `${n}-trip-${n * n}` })));
  await Promise.all([host("w1", trip).ready, host("w2", trip).ready]);
  for (const run of runs) await run.signal("approval", true);
  expect(await Promise.all(runs.map((run) => run.result()))).toEqual([
    "paid 1 seat",
    "paid 2 seat",
    "paid 3 seat",
    "paid 4 seat",
  ]);
  expect(new Set(runs.map(({ runId }) => partitionOf(runId, 2))).size).toBe(2);
  const events = told.get("1-trip-1") ?? [];
  const answers = events.filter(({ type }) => type === "CodeAnswered");
  expect(answers.length).toBeGreaterThanOrEqual(3);
  const ofBoth = answers.slice(-2);
  expect(new Set(ofBoth.map((event) => "worker" in event && event.worker)).size).toBe(1);
  expect(problems).toEqual([]);
});

test("a run whose worker has gone goes on with another one, from its history", async () => {
  const { c, host, told, has } = await staged();
  const first = host("w1", trip);
  const run = await c.start(trip, 7, { runId: "r" });
  await has("r", "SignalAwaited");
  await first.stop();
  host("w2", trip);
  await run.signal("approval", true);
  expect(await run.result()).toBe("paid 7 seat");
  expect(told.get("r")).toContainEqual({ type: "CodeAskedAgain", attempt: 2, because: "history" });
});

test("what a failed or cancelled run's code had registered is undone", async () => {
  const { c, host, told, has } = await staged();
  host("w1", trip);
  const [denied, cancelled] = [
    await c.start(trip, 1, { runId: "denied" }),
    await c.start(trip, 2, { runId: "cancelled" }),
  ];
  await denied.signal("approval", false);
  await has("cancelled", "SignalAwaited");
  await cancelled.cancel("too late");
  await expect(denied.result()).rejects.toMatchObject({ status: "failed" });
  await expect(cancelled.result()).rejects.toMatchObject({ status: "cancelled" });
  for (const runId of ["denied", "cancelled"])
    expect(told.get(runId)).toContainEqual(
      expect.objectContaining({ type: "JobScheduled", jobType: "refund" }),
    );
});

test("answers and histories of megabytes get through", async () => {
  const { c, host, problems } = await staged();
  const first = host("w1", large);
  const run = await c.start(large, 25);
  const other = await c.start(large, 25);
  expect(await run.result()).toBe("all");
  await first.stop();
  host("w2", large);
  expect(await other.result()).toBe("all");
  expect(problems).toEqual([]);
});

test("a run whose code never ends is stuck, with the line; the worker's other runs go on", async () => {
  const { c, host, told, has, problems } = await staged();
  host("w1", trip, spins);
  const before = await c.start(trip, 1);
  const bad = await c.start(spins);
  const after = await c.start(trip, 2);
  await has(bad.runId, "RunStuck");
  expect(told.get(bad.runId)?.at(-1)).toMatchObject({
    failure: {
      name: "CodeNeverEnds",
      message: expect.stringMatching(/It was at \S+hosted-code\.ts:\d+\./),
    },
  });
  for (const run of [before, after]) await run.signal("approval", true);
  expect(await Promise.all([before.result(), after.result()])).toEqual(["paid 1 seat", "paid 2 seat"]);
  expect(problems).toEqual([expect.stringMatching(/^spins \S+ is stuck\. CodeNeverEnds: /)]);
});
