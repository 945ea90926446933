import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedLog, openEmbeddedLog } from "@downbeat/embedded-log";
import { systemClock } from "@downbeat/message-log";
import { encodeHistoryRecord, type HistoryRecord } from "@downbeat/protocol";
import { expect, onTestFinished, test } from "vitest";
import { Compaction, type CompactionPass } from "../src/log-thread/compaction.ts";

const day = 86_400_000;
const topic = { tenant: "acme", namespace: "orders", topic: "history-partition-0" };

/** A log whose history says that ten runs ended 40 days ago. */
async function openLog(): Promise<EmbeddedLog> {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-compaction-"));
  const log = await openEmbeddedLog({
    file: join(directory, "log.sqlite"),
    clock: { ...systemClock, now: () => Date.now() - 40 * day },
  });
  onTestFinished(async () => {
    await log.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const producer = await log.connect(topic).openProducer(topic.topic);
  const at = Date.now() - 40 * day;
  const append = (record: HistoryRecord) => producer.send({ payload: encodeHistoryRecord(record) });
  await append({ kind: "claim", id: "c", epoch: 1, owner: "engine", at });
  for (let n = 0; n < 10; n++)
    await append({
      kind: "decisions",
      id: `d${n}`,
      prev: n === 0 ? "c" : `d${n - 1}`,
      claimId: "c",
      epoch: 1,
      at,
      dispatchedUpTo: 0,
      decisions: [
        {
          runId: `r${n}`,
          workflow: "w",
          inputId: `in${n}`,
          seq: 1,
          events: [
            { type: "RunStarted", workflow: "w", input: "1" },
            { type: "RunCompleted", output: "1" },
          ],
        },
      ],
    });
  return log;
}

function compactionOf(log: EmbeddedLog, keepDays: number, compact = log.compact.bind(log)) {
  const { promise, resolve, reject } = Promise.withResolvers<CompactionPass>();
  const compaction = new Compaction({
    keep: { closedMs: keepDays * day, idsMs: 400 * day },
    topics: () => log.topics().filter((one) => one.topic.startsWith("history-partition-")),
    connect: ({ tenant, namespace }) => log.connect({ tenant, namespace }),
    compact: (of, messages) => compact(`${of.tenant}/${of.namespace}`, of.topic, messages),
    dropBefore: (time) => log.dropBefore("acme/orders", "quarantine", time),
    onPass: resolve,
    onFailure: (reason) => reject(new Error(reason)),
    firstAfterMs: 0,
  });
  onTestFinished(() => compaction.stop());
  return { compaction, first: promise };
}

test("closed runs are removed in a thread, in every namespace", async () => {
  const log = await openLog();
  // Something happened today.
  const { compaction, first } = compactionOf(log, 39.9);
  Object.assign(log.clock, { now: Date.now });
  await (await log.connect(topic).openProducer(topic.topic)).send({ payload: Buffer.from("junk") });
  await compaction.start();
  expect(await first).toMatchObject({ runs: 10, records: 9 });
});

test("that one of them can't be removed is said", async () => {
  const log = await openLog();
  const { compaction, first } = compactionOf(log, 39.9, async () => {
    throw new Error("There is no room");
  });
  Object.assign(log.clock, { now: Date.now });
  await (await log.connect(topic).openProducer(topic.topic)).send({ payload: Buffer.from("junk") });
  const failed = expect(first).rejects.toThrow("There is no room");
  await compaction.start();
  await failed;
});
