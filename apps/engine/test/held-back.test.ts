import { openEmbeddedLog } from "@downbeat/embedded-log";
import { Engine, MemoryStateStore, systemClock } from "@downbeat/engine";
import { until } from "@downbeat/message-log/testing";
import { encodeHistoryRecord, encodeInboxMessage, recordProperties, topics } from "@downbeat/protocol";
import { workflow } from "@downbeat/sdk";
import { inProcessDecisions } from "@downbeat/sdk/decisions";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { observe } from "../src/metrics.ts";
import { Readiness } from "../src/readiness.ts";

const claim = { kind: "claim", id: "c1", epoch: 1, owner: "engine-b", at: 1 } as const;
const link = { kind: "decisions", claimId: "c1", epoch: 1, at: 2, dispatchedUpTo: 0 } as const;

const tickMs = 20;

/** An engine that begins with this history in its only partition. */
async function engineOn(history: readonly { id: string; payload: Uint8Array }[]) {
  const embedded = await openEmbeddedLog({ file: ":memory:" });
  const log = embedded.connect();
  for (const topic of ["inbox", "history"]) await log.createPartitionedTopic(topic, 1);
  const producer = await log.openProducer(topics.history(0));
  for (const { id, payload } of history)
    await producer.send({ payload, properties: { ...recordProperties(id, payload) } });
  const lines: Record<string, unknown>[] = [];
  const logger = pino({ level: "info" }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  let ticks = 0;
  const readiness = new Readiness();
  const { observer, registry } = observe(logger, () => readiness.state);
  const engine = new Engine({
    log,
    decisions: inProcessDecisions([workflow("trip", async () => "done")]),
    partitions: 1,
    owner: "engine-a",
    clock: {
      ...systemClock,
      setTimer: (ms, run) =>
        systemClock.setTimer(ms, () => {
          if (ms === tickMs) ticks += 1;
          run();
        }),
    },
    wallClock: Date.now,
    store: () => new MemoryStateStore(),
    tickMs,
    observer,
  });
  readiness.runs({
    engine,
    name: "engine-a",
    witness: { unseenMs: () => 0, trouble: () => undefined },
    inboxes: { progress: () => undefined, owner: () => "" },
    clock: systemClock,
  });
  onTestFinished(async () => {
    await engine.stop();
    await embedded.close();
  });
  engine.start();
  const metric = async (name: string) => (await registry.getSingleMetric(name)?.get())?.values[0]?.value;
  return { engine, log, lines, metric, readiness, ticks: () => ticks };
}

const record = (value: Parameters<typeof encodeHistoryRecord>[0]) => ({
  id: value.id,
  payload: encodeHistoryRecord(value),
});

const decidedByNewer = {
  ...link,
  id: "r1",
  prev: "c1",
  format: 99,
  decisions: [{ runId: "a", workflow: "trip", inputId: "i", seq: 1, events: [{ type: "RunForked" }] }],
};

test("an engine whose partition a newer version has decided in gives it back, and says so wherever people look", async () => {
  const newer = { id: "r1", payload: Buffer.from(JSON.stringify(decidedByNewer)) };
  const more = {
    id: "r2",
    payload: Buffer.from(JSON.stringify({ ...decidedByNewer, id: "r2", prev: "r1" })),
  };
  const { engine, log, lines, metric, readiness, ticks } = await engineOn([record(claim), newer, more]);
  const sentence =
    "Partition 0: a newer version has decided here: event 1 is \"RunForked\", which this version doesn't know (format 99). This engine doesn't decide in it: update it, or stop it.";
  await until("it is held back", () => engine.heldBack[0] !== undefined);
  expect(readiness.state).toMatchObject({
    ready: false,
    problem: sentence,
    partitions: [{ mode: "following", heldBack: sentence }],
  });
  expect(await metric("downbeat_partition_held_back")).toBe(1);
  const consumers = async () => (await log.topicStats(topics.inbox(0))).subscriptions[0]?.consumers ?? [];
  await until("its inbox is given back", async () => (await consumers()).length === 0);
  expect(lines.filter(({ msg }) => msg === sentence)).toHaveLength(1);
  expect(engine.modes).toEqual(["following"]);

  const end = await log.lastPosition(topics.inbox(0));
  const before = ticks();
  await until("it would have sent Ticks", () => ticks() > before + 5);
  expect(await log.lastPosition(topics.inbox(0))).toBe(end);
});

test("a message of history that can't be used is said and counted, and the engine decides on what is there", async () => {
  const noRecord = { id: "r1", payload: Buffer.from("no record") };
  const { engine, log, lines, metric, readiness } = await engineOn([record(claim), noRecord]);
  await until("it owns the partition", () => engine.modes[0] === "owning");
  const inbox = await log.openProducer(topics.inbox(0));
  const start = {
    type: "StartRun",
    commandId: "s",
    runId: "b",
    workflow: "trip",
    input: "{}",
  } as const;
  await inbox.send({ payload: encodeInboxMessage([start]) });
  await until("the run is decided", async () => (await metric("downbeat_engine_events_total")) === 2);
  expect(readiness.state.ready).toBe(true);
  expect(await metric("downbeat_history_left_out_total")).toBe(1);
  expect(lines.filter(({ msg }) => msg === "a message of history is left out")).toMatchObject([
    { partition: 0, reason: "it is no record of history: not JSON" },
  ]);
});
