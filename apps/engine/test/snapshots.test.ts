import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedLog, openEmbeddedLog } from "@downbeat/embedded-log";
import {
  Engine,
  type EngineObserver,
  NoRoomForSnapshot,
  SqliteStateStores,
  type StateStore,
  systemClock,
} from "@downbeat/engine";
import { until } from "@downbeat/message-log/testing";
import { encodeInboxMessage, topics } from "@downbeat/protocol";
import { workflow } from "@downbeat/sdk";
import { inProcessDecisions } from "@downbeat/sdk/decisions";
import { afterEach, beforeEach, expect, test } from "vitest";

const idle = workflow("idle", async (run) => {
  await run.signal("never");
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "downbeat-snapshots-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function engineOn(
  log: EmbeddedLog,
  observer: EngineObserver,
  store: (partition: number) => StateStore,
): Engine {
  return new Engine({
    log: log.connect({ deliver: "beforeCommit" }),
    decisions: inProcessDecisions([idle]),
    partitions: 1,
    owner: "engine",
    clock: systemClock,
    wallClock: Date.now,
    store,
    observer,
    tuning: { snapshotEveryMs: 50 },
    tickMs: 100,
  });
}

async function start(log: EmbeddedLog, runIds: readonly string[]): Promise<void> {
  const producer = await log.connect().openProducer(topics.inbox(0));
  const commands = runIds.map((runId) => ({
    type: "StartRun" as const,
    commandId: `start-${runId}`,
    runId,
    workflow: "idle",
    input: "null",
  }));
  await producer.send({ payload: encodeInboxMessage(commands) });
  await producer.close();
}

/** Lets an engine start these runs on the file; its snapshot knows them afterwards. */
async function work(file: string, snapshots: string, runIds: readonly string[]) {
  const log = await openEmbeddedLog({ file });
  for (const topic of ["inbox", "history"]) await log.connect().createPartitionedTopic(topic, 1);
  const discarded: string[] = [];
  let accepted = 0;
  const stores = new SqliteStateStores(snapshots, () => {});
  const observer: EngineObserver = {
    accepted: (_, commands) => {
      accepted += commands;
    },
    snapshotDiscarded: (_, reason) => discarded.push(reason),
  };
  const engine = engineOn(log, observer, stores.partition.bind(stores));
  engine.start();
  await start(log, runIds);
  await until("they are started", () => accepted >= runIds.length);
  const open = [...stores.partition(0).openRuns()].length;
  await engine.stop();
  const afterStop = [...stores.partition(0).openRuns()].map(({ runId }) => runId).toSorted();
  stores.close();
  await log.close();
  return { discarded, open, known: afterStop };
}

test("a snapshot that knows more than a log that was put back is thrown away, however long that log is by now", async () => {
  const file = join(folder, "log.sqlite");
  const putBack = join(folder, "put-back.sqlite");
  await work(file, join(folder, "engine.sqlite"), ["a"]);
  copyFileSync(file, putBack);
  const ahead = await work(file, join(folder, "engine.sqlite"), ["b"]);
  expect(ahead).toMatchObject({ discarded: [], known: ["a", "b"] });

  await work(putBack, join(folder, "other.sqlite"), ["c", "d", "e"]);
  const after = await work(putBack, join(folder, "engine.sqlite"), ["f"]);
  expect(after.discarded).toEqual([expect.stringContaining("is not one of")]);
  expect(after.known).toEqual(["a", "c", "d", "e", "f"]);
});

test("a disk that is full for snapshots is said once, nothing is given up, and they go on when there is room", async () => {
  const log = await openEmbeddedLog({ file: ":memory:" });
  for (const topic of ["inbox", "history"]) await log.connect().createPartitionedTopic(topic, 1);
  const stores = new SqliteStateStores(join(folder, "engine.sqlite"), () => {});
  const said: string[] = [];
  const inner = stores.partition(0);
  let isFull = true;
  let refused = 0;
  const store: StateStore = {
    trials: inner.trials,
    head: () => inner.head(),
    run: (runId) => inner.run(runId),
    openRuns: () => inner.openRuns(),
    reset: () => inner.reset(),
    saving: (head, runs) => {
      if (!isFull) return inner.saving(head, runs);
      refused += runs.length;
      throw new NoRoomForSnapshot("engine.sqlite");
    },
  };
  const observer: EngineObserver = {
    dropped: (_, reason) => said.push(`dropped: ${reason}`),
    snapshotDiscarded: (_, reason) => said.push(`discarded: ${reason}`),
    snapshotNotSaved: (_, reason) => said.push(reason),
    snapshotSaved: () => said.push("saved again"),
  };
  const engine = engineOn(log, observer, () => store);
  engine.start();
  await start(log, ["a", "b"]);
  await until("it has tried twice", () => refused >= 4);
  expect([...inner.openRuns()]).toEqual([]);
  isFull = false;
  await until("it saves again", () => said.length === 2);
  expect(said).toEqual([expect.stringContaining("(engine.sqlite) is full. Make room"), "saved again"]);
  expect(inner.run("a")?.history.length).toBeGreaterThan(1);
  await engine.stop();
  stores.close();
  await log.close();
});
