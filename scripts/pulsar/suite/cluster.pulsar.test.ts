import { partitionOf } from "@downbeat/domain";
import { reconnectingProducer } from "@downbeat/message-log";
import { topics } from "@downbeat/protocol";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { sleep, until } from "../../lib/processes.ts";
import { book, expectOnce, InProcess, ids, owning, partitions, waits } from "./in-process.ts";

const within = { timeout: 180_000 };
const text = (value: string) => ({ payload: Buffer.from(value) });

let own: InProcess;
beforeEach(async () => {
  own = await InProcess.open("cluster");
});
afterEach(() => own.close());

test(
  "an engine that takes over while history is unloaded ends with the state that history says",
  within,
  async () => {
    const booking = own.newClient();
    const first = own.startEngine("first");
    own.startWorker();
    const [booked, open] = [ids("booked", 300), ids("open", 200)];
    await book(booking, booked);
    await Promise.all(open.map((runId) => booking.start(waits, undefined, { runId })));
    await first.stop();

    const second = own.startEngine("second");
    let unloaded = 0;
    for (let round = 0; round < 6; round++) {
      for (let partition = 0; partition < partitions; partition++) {
        const topic = `persistent/public/${own.namespace}/${topics.history(partition)}`;
        await own.admin("PUT", `${topic}/unload`);
        if (second.modes[partition] !== "owning") unloaded += 1;
      }
    }
    await owning(second);
    expect(unloaded).toBeGreaterThan(partitions);
    const fold = await expectOnce(own.log, booked);
    for (const runId of open) {
      const state = second.processors[partitionOf(runId, partitions)]?.tenure?.fold.entry(runId)?.state;
      expect(state).toEqual(fold.runs.get(runId)?.state);
    }
    // And it is able to go on; the client hears of it, though the broker forgets some sessions on the way, whose connections stay open.
    const more = ids("more", 50);
    await book(booking, more);
    await expectOnce(own.log, more);
  },
);

describe("the number of partitions, raised with Pulsar's tools", () => {
  test("moves no run: engines and clients that start then use those that were", within, async () => {
    const notices: string[] = [];
    for (const topic of ["inbox", "history"]) {
      await own.admin("POST", `persistent/public/${own.namespace}/${topic}/partitions`, 2 * partitions);
    }
    const log = openPulsarWebSocketLog({
      serviceUrl: inject("pulsar"),
      namespace: own.namespace,
      onNotice: (notice) => notices.push(notice),
    });
    expect(await log.partitionsOf("history")).toBe(partitions);
    await log.createPartitionedTopic("history", partitions);
    expect(notices).toEqual([expect.stringMatching(/was set up with 4 partitions and has 8 now/)]);
    await expect(log.createPartitionedTopic("history", 2 * partitions)).rejects.toMatchObject({
      code: "conflict",
    });
    own.startEngine("after");
    own.startWorker();
    const runIds = ids("raised", 100);
    await book(own.newClient(log), runIds);
    const fold = await expectOnce(own.log, runIds);
    for (const [runId, { partition }] of fold.runs) expect(partition).toBe(partitionOf(runId, partitions));
    for (let added = partitions; added < 2 * partitions; added++) {
      expect(await log.lastPosition(topics.inbox(added))).toBeUndefined();
    }
    await log.close();
  });
});

describe("a full backlog", () => {
  // More than a thousand messages: so many may count as waiting for deduplication's sake when all were taken.
  const limit = 3_000_000;
  const topic = "full";
  const quota = (policy: string) =>
    own.admin("POST", `namespaces/public/${own.namespace}/backlogQuota`, {
      limitSize: limit,
      limitTime: -1,
      policy,
    });

  for (const policy of ["producer_request_hold", "producer_exception"]) {
    test(
      `holds producers back with ${policy}, loses nothing, and goes on when it is lifted`,
      within,
      async () => {
        await quota(policy);
        const seen: string[] = [];
        const parked = await own.log.openConsumer(topic, {
          subscription: "slow",
          type: "Shared",
          onMessage: () => {},
        });
        await parked.close();
        const reasons: string[] = [];
        const producer = reconnectingProducer(own.logAt(inject("pulsar")), topic, {
          deduplicate: true,
          maxPending: 500,
          maxDelayMs: 1_000,
          onStateChange: (_, reason) => void (reason !== undefined && reasons.push(reason.message)),
        });
        const sends: Promise<unknown>[] = [];
        let isHeld = false;
        const deadline = Date.now() + 60_000;
        while (!isHeld && Date.now() < deadline) {
          const room = producer.room().then(() => true);
          isHeld = !(await Promise.race([room, sleep(3_000).then(() => false)]));
          if (isHeld) break;
          sends.push(producer.send(text(`${sends.length}/${"x".repeat(1_000)}`)));
          if (sends.length % 100 === 0) await sleep(50);
        }
        expect(isHeld).toBe(true);
        expect(producer.pending).toBe(500);
        // Held, a session says nothing; refused, it says why.
        const isTold = () => reasons.some((reason) => /quota/i.test(reason));
        if (policy === "producer_exception") expect(await until(isTold, 30_000), reasons.join()).toBe(true);
        let received = 0;
        const standing = async () => {
          const figures = await own.admin("GET", `persistent/public/${own.namespace}/${topic}/stats`);
          return `${received} of ${sends.length} receipts, ${seen.length} delivered; ${reasons.join()}; ${await figures.text()}`;
        };
        const consumer = await own.log.openConsumer(topic, {
          subscription: "slow",
          type: "Shared",
          onMessage: (message) => {
            seen.push(Buffer.from(message.payload).toString().split("/")[0] ?? "");
            consumer.acknowledge(message.position);
          },
        });
        for (const send of sends) void send.then(() => (received += 1));
        const isOver = () => received === sends.length && new Set(seen).size >= sends.length;
        expect(await until(isOver, 90_000), await standing()).toBe(true);
        // Refused, messages may have been stored all the same: they get new numbers then, so some can be there twice, none is lost.
        const distinct = policy === "producer_exception" ? [...new Set(seen)] : seen;
        expect(distinct).toEqual(sends.map((_, index) => String(index)));
        await producer.close();
      },
    );
  }
});
