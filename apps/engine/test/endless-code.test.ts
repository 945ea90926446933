import { fileURLToPath } from "node:url";
import { partitionOf, type RunEvent } from "@downbeat/domain";
import { openEmbeddedLog } from "@downbeat/embedded-log";
import { Engine, MemoryStateStore, systemClock } from "@downbeat/engine";
import { parseHistoryRecord, topics } from "@downbeat/protocol";
import { client } from "@downbeat/sdk/client";
import { worker } from "@downbeat/sdk/worker";
import { expect, onTestFinished, test, vi } from "vitest";
import { loadWorkflows } from "../src/workflows.ts";

const code = fileURLToPath(new URL("code/endless.ts", import.meta.url));
const partitions = 2;

/** An engine that hosts the code, in a thread, and a worker for its jobs. */
async function staged() {
  const problems: string[] = [];
  const { decisions, close } = await loadWorkflows(code, 1, {
    onStray: () => {},
    onProblem: (problem) => problems.push(problem),
    logger: console,
  });
  const embedded = await openEmbeddedLog({ file: ":memory:", storage: "inline" });
  const log = embedded.connect();
  for (const topic of ["inbox", "history"]) await log.createPartitionedTopic(topic, partitions);
  const engine = new Engine({
    log: embedded.connect({ deliver: "beforeCommit" }),
    decisions,
    partitions,
    owner: "engine",
    clock: systemClock,
    wallClock: Date.now,
    store: () => new MemoryStateStore(),
    observer: { dropped: (_, reason) => problems.push(`${reason}`) },
    tickMs: 200,
  });
  engine.start();
  const told = new Map<string, RunEvent[]>();
  for (let partition = 0; partition < partitions; partition++)
    await log.openReader(topics.history(partition), {
      from: "earliest",
      onMessage: ({ payload }) => {
        const record = parseHistoryRecord(payload);
        if (record?.kind !== "decisions") return;
        for (const { runId, events } of record.decisions)
          told.set(runId, [...(told.get(runId) ?? []), ...events]);
      },
    });
  const hosted = worker({ log: embedded.connect(), jobs: { step: () => null } });
  const c = client({ log: embedded.connect() });
  onTestFinished(async () => {
    await hosted.stop();
    await c.close();
    await engine.stop();
    await close();
    await embedded.close();
  });
  return { c, told, problems };
}

/** Ids of runs, by their partition. */
function idIn(partition: number, name: string): string {
  for (let number = 1; ; number++) {
    const id = `${name}-${number}`;
    if (partitionOf(id, partitions) === partition) return id;
  }
}

test("a loop without end gets its run stuck; runs before, beside and after it complete", {
  timeout: 120_000,
}, async () => {
  const { c, told, problems } = await staged();
  const start = (partition: number, name: string) => c.start("steps", 5, { runId: idIn(partition, name) });
  const before = await Promise.all([start(0, "before"), start(1, "before")]);
  const bad = await c.start("endless", undefined, { runId: idIn(0, "bad") });
  const beside = await Promise.all([start(0, "beside"), start(1, "beside")]);
  await Promise.all([...before, ...beside].map((run) => run.result()));
  await vi.waitFor(() => expect(told.get(bad.runId)?.at(-1)?.type).toBe("RunStuck"), 80_000);
  expect(told.get(bad.runId)?.at(-1)).toMatchObject({
    failure: {
      kind: "code",
      name: "CodeNeverEnds",
      message: expect.stringMatching(
        /It was at \S+code\/endless\.ts:11\. The workflow endless is defined at \S+code\/endless\.ts:9\.$/,
      ),
    },
  });
  const after = await Promise.all([start(0, "after"), start(1, "after")]);
  await Promise.all(after.map((run) => run.result()));
  expect(problems).toEqual([]);
});
