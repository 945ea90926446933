import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LogSource } from "@downbeat/cold-history";
import { partitionOf } from "@downbeat/domain";
import { openEmbeddedLog } from "@downbeat/embedded-log";
import { Engine, MemoryStateStore, type StateStore, systemClock } from "@downbeat/engine";
import { HistoryCompaction } from "@downbeat/engine/compaction";
import { systemClock as clockOfLog } from "@downbeat/message-log";
import { until } from "@downbeat/message-log/testing";
import { topics } from "@downbeat/protocol";
import { Follower, ReadModel } from "@downbeat/read-model";
import { workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { inProcessDecisions } from "@downbeat/sdk/decisions";
import { expect, onTestFinished, test } from "vitest";

const partitions = 2;
const day = 86_400_000;
const shortRuns = 600;

const short = workflow("short", async (_run, input: { n: number; text: string }) => input);
const long = workflow("long", async (run) => {
  await run.sleep("50 days");
  return "awake";
});
const asking = workflow("asking", async (run) => run.signal<string>("answer"));

/** The whole product in one process, on a log whose clock is moved. */
async function stage() {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-closed-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, "log.sqlite");
  let aheadMs = -60 * day;
  const embedded = await openEmbeddedLog({
    file,
    clock: { ...clockOfLog, now: () => Date.now() + aheadMs },
    onDamaged: ({ sentence }) => expect(sentence).toBe(""),
  });
  onTestFinished(() => embedded.close());
  const log = embedded.connect();
  for (const topic of ["inbox", "history"]) await log.createPartitionedTopic(topic, partitions);
  const troubles: string[] = [];

  const engine = (stores: readonly StateStore[]) => {
    const made = new Engine({
      log: embedded.connect({ deliver: "beforeCommit" }),
      decisions: inProcessDecisions([short, long, asking]),
      partitions,
      owner: `engine-${Math.random()}`,
      clock: systemClock,
      wallClock: () => Date.now() + aheadMs,
      store: (partition) => stores[partition] ?? new MemoryStateStore(),
      tickMs: 300,
      observer: {
        leftOut: (partition, position, reason) => troubles.push(`${partition} ${position} ${reason}`),
        snapshotDiscarded: (partition, reason) => troubles.push(`${partition} ${reason}`),
      },
    });
    made.start();
    return made;
  };
  const readModel = async (name: string, keepClosedMs?: number) => {
    const path = join(directory, `${name}.sqlite`);
    const follower = new Follower({
      log: embedded.connect(),
      path,
      source: "test",
      clock: { ...clockOfLog, now: () => Date.now() + aheadMs },
      ...(keepClosedMs !== undefined && { keepClosedMs, keepIdsMs: 400 * day }),
      onNotice: (sentence) => troubles.push(sentence),
    });
    await until("the read model", () => follower.freshness().live);
    const model = new ReadModel(path, () => Date.now() + aheadMs);
    return {
      follower,
      model,
      list: () => model.listRuns({ filter: {}, limit: 100 }),
      count: () => Object.values(model.counts()).reduce((sum, count) => sum + count, 0),
      close: async () => {
        model.close();
        await follower.close();
      },
    };
  };
  const compact = async (keepMs: number, keepIdsMs: number) => {
    const done = { runs: 0, records: 0, bytes: 0 };
    for (let partition = 0; partition < partitions; partition++) {
      const topic = topics.history(partition);
      const figures = await new HistoryCompaction({
        log: embedded.connect(),
        topic,
        endedBefore: Date.now() + aheadMs - keepMs,
        forgottenBefore: Date.now() + aheadMs - keepIdsMs,
        compact: (messages) => embedded.compact("public/default", topic, messages),
      }).run();
      done.runs += figures.runs;
      done.records += figures.records;
      done.bytes += figures.bytes;
    }
    return done;
  };
  return {
    file,
    log,
    troubles,
    engine,
    readModel,
    compact,
    client: client({ log: embedded.connect(), actor: "test", answerWithin: 60_000 }),
    moveClock: (ms: number) => {
      aheadMs += ms;
    },
  };
}

test("closed runs leave the log and the read model after their time, and open ones go on to their ends", {
  timeout: 120_000,
}, async () => {
  const { file, log, troubles, engine, readModel, compact, client, moveClock } = await stage();
  const stores = [new MemoryStateStore(), new MemoryStateStore()];
  const before = await readModel("old");
  const first = engine(stores);
  const text = "x".repeat(12_000);
  await client.start(long, undefined, { runId: "long" });
  await client.start(asking, undefined, { runId: "asking" });
  const handles = await Promise.all(
    Array.from({ length: shortRuns }, (_, n) => client.start(short, { n, text }, { runId: `short-${n}` })),
  );
  await Promise.all(handles.map((handle) => handle.result()));
  await until("the read model has them", () => before.count() === shortRuns + 2);
  await before.close();
  await first.stop();
  await until("all is in the file", () => statSync(file).size > 12_000_000, 30_000);

  // Some that are kept.
  moveClock(40 * day);
  const second = engine(stores);
  const kept = await client.start(short, { n: 0, text: "kept" }, { runId: "kept" });
  await kept.result();
  await second.stop();

  moveClock(15 * day);
  expect(await compact(30 * day, 400 * day)).toMatchObject({ runs: shortRuns });
  await until("the file is small", () => statSync(file).size < 7_000_000, 30_000);
  expect(await compact(30 * day, 400 * day)).toMatchObject({ runs: 0 });

  // With its snapshot, and with none.
  for (const [index, mine] of [stores, []].entries()) {
    const next = engine(mine);
    if (index === 0) {
      expect(await client.run("long").result()).toBe("awake");
      await client.run("asking").signal("answer", "yes");
      expect(await client.run("asking").result()).toBe("yes");
    }
    // Of the start no more is left than what tells it from another one.
    const again = { runId: `short-${index}`, ifExists: "fail" } as const;
    await expect(client.start(short, { n: index, text }, again)).rejects.toMatchObject({ code: "RunExists" });
    await expect(client.start(short, { n: 1, text: "late" }, again)).rejects.toMatchObject({
      code: "RunIdTaken",
    });
    await next.stop();
  }

  // Events that have left the read model are still found in the log.
  const place = { runId: "long", partition: partitionOf("long", partitions) };
  const asked = { who: "ada", signal: new AbortController().signal };
  const found = await new LogSource(log).run({ place, log: { partitions } }, asked);
  expect(found).toMatchObject({ isComplete: true });
  expect(found.value.steps.flatMap(({ events }) => events.map(({ type }) => type))).toEqual([
    "RunStarted",
    "TimerSet",
    "TimerFired",
    "RunCompleted",
  ]);

  const old = await readModel("old", 30 * day);
  await until("the old read model has removed them", () => old.count() === 3, 30_000);
  const fresh = await readModel("fresh");
  for (const each of [old, fresh]) {
    expect(
      each
        .list()
        .runs.map(({ runId, status }) => [runId, status])
        .sort(),
    ).toEqual([
      ["asking", "completed"],
      ["kept", "completed"],
      ["long", "completed"],
    ]);
    expect(each.model.counts()).toMatchObject({ running: 0, waiting: 0, stuck: 0, completed: 3 });
    expect(each.model.removed("short-7")).toMatchObject({ workflow: "short", status: "completed" });
    expect(each.model.run("short-7")).toBeUndefined();
    expect(each.follower.freshness().removedUpTo).toBeGreaterThan(0);
  }
  // One has counted them, the other was built of what was left.
  expect(old.follower.freshness().countedFrom).toBeUndefined();
  expect(fresh.follower.freshness().countedFrom).toBe(fresh.follower.freshness().removedUpTo);
  await old.close();
  await fresh.close();

  // A year later their ids are free again.
  moveClock(390 * day);
  await compact(30 * day, 400 * day);
  const last = engine([]);
  const again = await client.start(short, { n: 2, text: "again" }, { runId: "short-2", ifExists: "fail" });
  expect(await again.result()).toEqual({ n: 2, text: "again" });
  await last.stop();
  await client.close();
  expect(troubles).toEqual([]);
});
