import { emptyCursor } from "@downbeat/domain";
import { openEmbeddedLog } from "@downbeat/embedded-log";
import { Engine, MemoryStateStore, systemClock, Witness } from "@downbeat/engine";
import { ManualClock, until } from "@downbeat/message-log/testing";
import { encodeHistoryRecord, encodeInboxMessage, topics } from "@downbeat/protocol";
import { workflow } from "@downbeat/sdk";
import { inProcessDecisions } from "@downbeat/sdk/decisions";
import { expect, onTestFinished, test } from "vitest";

async function openLog() {
  const embedded = await openEmbeddedLog({ file: ":memory:" });
  onTestFinished(() => embedded.close());
  const log = embedded.connect();
  for (const topic of ["inbox", "history"]) await log.createPartitionedTopic(topic, 1);
  return { embedded, log };
}

async function openHistory() {
  const { log } = await openLog();
  const clock = new ManualClock(0);
  let decided = 0;
  const witness = new Witness({
    log,
    clock: {
      monotonic: () => clock.now(),
      setTimer: (ms, run) => clock.setTimer(run, ms),
      defer: setImmediate,
      random: () => 0.5,
      newId: () => "",
    },
    onDecided: () => decided++,
  });
  onTestFinished(() => witness.close());
  const producer = await log.openProducer(topics.history(0));
  const append = (record: Parameters<typeof encodeHistoryRecord>[0]) =>
    producer.send({ payload: encodeHistoryRecord(record), properties: { id: record.id } });
  return {
    clock,
    witness,
    decided: () => decided,
    damaged: (id: string) => producer.send({ payload: Buffer.from("?"), properties: { id } }),
    claim: (id: string, epoch = 1) => append({ kind: "claim", id, epoch, owner: "a", at: 1 }),
    decide: (id: string, prev: string) =>
      append({
        kind: "decisions",
        id,
        prev,
        claimId: "c",
        epoch: 1,
        at: 1,
        dispatchedUpTo: 0,
        decisions: [],
      }),
  };
}

const atStart = { id: "c", after: undefined, cursor: emptyCursor };

test("what an engine appends is seen by a reader of its own", async () => {
  const { embedded, log } = await openLog();
  let decided = 0;
  const witness = new Witness({ log: embedded.connect(), clock: systemClock, onDecided: () => decided++ });
  const appended: string[] = [];
  const engine = new Engine({
    log,
    decisions: inProcessDecisions([workflow("trip", async () => "done")]),
    partitions: 1,
    owner: "engine-a",
    clock: systemClock,
    wallClock: Date.now,
    store: () => new MemoryStateStore(),
    observer: {
      claimed: (partition, _, place) => witness.claimed(partition, place),
      appended(partition, id) {
        appended.push(id);
        witness.appended(partition, id);
      },
      dropped: (partition) => witness.dropped(partition),
    },
  });
  onTestFinished(async () => {
    await engine.stop();
    await witness.close();
  });
  engine.start();
  const inbox = await log.openProducer(topics.inbox(0));
  const start = (runId: string) =>
    inbox.send({
      payload: encodeInboxMessage([
        { type: "StartRun", commandId: `start-${runId}`, runId, workflow: "trip", input: "{}" },
      ]),
    });
  for (let run = 0; run < 20; run++) await start(`trip-${run}`);
  await until(
    "all is seen",
    () => appended.length > 0 && witness.unseenMs(0) === 0 && decided === appended.length,
  );
  expect(engine.owners).toEqual(["engine-a"]);
});

test("what is appended and never comes is late, from the oldest on; what is given up is not", async () => {
  const { clock, witness, claim, decide } = await openHistory();
  witness.claimed(0, atStart);
  await claim("c");
  await until("the claim is seen", () => witness.unseenMs(0) === 0);
  witness.appended(0, "lost");
  await clock.advance(4_000);
  witness.appended(0, "also lost");
  await clock.advance(3_000);
  expect(witness.unseenMs(0)).toBe(7_000);
  await decide("lost", "c");
  await until("the lost record is seen", () => witness.unseenMs(0) === 3_000);
  witness.dropped(0);
  expect(witness.unseenMs(0)).toBe(0);
});

test("a record that is in the log and does not count is not seen", async () => {
  const { clock, witness, claim, decide, decided } = await openHistory();
  witness.claimed(0, atStart);
  witness.appended(0, "zombie");
  await claim("c");
  await decide("zombie", "a record of nobody");
  await decide("other", "c");
  await until("the other record is seen", () => decided() === 1);
  await clock.advance(11_000);
  expect(witness.unseenMs(0)).toBe(11_000);
});

test("a damaged record of another owner doesn't hide what counts after it", async () => {
  const { witness, claim, decide, decided, damaged } = await openHistory();
  witness.claimed(0, atStart);
  await claim("c");
  await damaged("lost");
  witness.appended(0, "own");
  await decide("own", "lost");
  await until("the record after it is seen", () => decided() === 1);
  expect(witness.unseenMs(0)).toBe(0);
});
