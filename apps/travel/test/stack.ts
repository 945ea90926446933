import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunEvent } from "@downbeat/domain";
import { openEmbeddedLog, serve } from "@downbeat/embedded-log";
import { Engine, MemoryStateStore, systemClock } from "@downbeat/engine";
import type { MessageLog } from "@downbeat/message-log";
import { parseHistoryRecord, topics } from "@downbeat/protocol";
import { type Client, client } from "@downbeat/sdk/client";
import { inProcessDecisions } from "@downbeat/sdk/decisions";
import { workflows } from "../src/workflows.ts";

export interface Stack extends AsyncDisposable {
  readonly log: MessageLog;
  readonly client: Client;
  /** Where the log is served, for other processes. */
  readonly url: string;
  eventsOf(runId: string): readonly RunEvent[];
  /** Every run there is. */
  readonly runIds: () => readonly string[];
}

/** An engine with its log, in this process, as the example's workers find them. */
export async function openStack(partitions = 2): Promise<Stack> {
  const directory = await mkdtemp(join(tmpdir(), "downbeat-travel-"));
  const embedded = await openEmbeddedLog({ file: join(directory, "log.db") });
  const server = await serve(embedded, { port: 0 });
  const log = embedded.connect();
  await log.createPartitionedTopic("inbox", partitions);
  await log.createPartitionedTopic("history", partitions);
  const engine = new Engine({
    log: embedded.connect(),
    decisions: inProcessDecisions(workflows),
    partitions,
    owner: "engine-1",
    clock: systemClock,
    store: () => new MemoryStateStore(),
    wallClock: Date.now,
    tickMs: 200,
  });
  engine.start();
  const events = new Map<string, RunEvent[]>();
  for (let partition = 0; partition < partitions; partition++) {
    await log.openReader(topics.history(partition), {
      from: "earliest",
      onMessage: ({ payload }) => {
        const record = parseHistoryRecord(payload);
        if (record?.kind !== "decisions") return;
        for (const decision of record.decisions) {
          events.set(decision.runId, [...(events.get(decision.runId) ?? []), ...decision.events]);
        }
      },
    });
  }
  const booking = client({ log, actor: "test" });
  return {
    log,
    client: booking,
    url: server.url,
    eventsOf: (runId) => events.get(runId) ?? [],
    runIds: () => [...events.keys()],
    async [Symbol.asyncDispose]() {
      await booking.close();
      await engine.stop();
      await server.close();
      await embedded.close();
      await rm(directory, { recursive: true });
    },
  };
}

export async function until(
  condition: () => boolean | Promise<boolean>,
  what = "the condition",
): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
