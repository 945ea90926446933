import { openEmbeddedLog } from "@downbeat/embedded-log";
import type { Clock, MessageLog } from "@downbeat/message-log";
import { encodeInboxMessage, subscriptions, topics } from "@downbeat/protocol";
import { expect, onTestFinished, test } from "vitest";
import { WriteSide } from "./write-side.ts";

/** Time passes when the test says so: each step is one look. */
class StepClock implements Clock {
  #now = 1_000_000;
  #due: { at: number; callback: () => void } | undefined;
  now = () => this.#now;
  setTimer(callback: () => void, delayMs: number): () => void {
    const due = { at: this.#now + delayMs, callback };
    this.#due = due;
    return () => {
      if (this.#due === due) this.#due = undefined;
    };
  }
  /** Resolves when the next look is done. */
  async step(): Promise<void> {
    const due = await this.#armed();
    this.#due = undefined;
    this.#now = due.at;
    due.callback();
    await this.#armed();
  }
  async #armed(): Promise<{ at: number; callback: () => void }> {
    while (this.#due === undefined) await new Promise(setImmediate);
    return this.#due;
  }
}

async function watched(log: MessageLog, part: Partial<ConstructorParameters<typeof WriteSide>[0]> = {}) {
  const clock = new StepClock();
  const said: string[] = [];
  const side = new WriteSide({
    log,
    clock,
    partitions: 1,
    decisions: () => 0,
    jobTypes: () => [],
    owner: () => "engine-old",
    isLive: () => true,
    onNotice: (sentence) => said.push(sentence),
    ...part,
  });
  onTestFinished(() => side.close());
  return { clock, side, said };
}

async function openLog() {
  const embedded = await openEmbeddedLog({ file: ":memory:" });
  onTestFinished(() => embedded.close());
  const log = embedded.connect();
  await log.createPartitionedTopic("inbox", 1);
  const producer = await log.openProducer(topics.inbox(0));
  return { log, tick: () => producer.send({ payload: encodeInboxMessage([{ type: "Tick" }]) }) };
}

const engine = {
  subscription: subscriptions.engine,
  type: "Failover",
  consumerName: "engine-a",
  onMessage: () => {},
} as const;

test("a partition without an engine is told of, and no more when one is there", async () => {
  const { log, tick } = await openLog();
  await tick();
  const { clock, side } = await watched(log);
  for (let look = 0; look < 4; look++) await clock.step();
  expect(side.troubles).toEqual([
    { partition: 0, kind: "unowned", waiting: 0, forMs: 12_000, owner: "engine-old" },
  ]);
  await log.openConsumer(topics.inbox(0), engine);
  await clock.step();
  expect(side.troubles).toEqual([]);
});

test("an owner that takes commands and decides none is told of, by its name, with what waits", async () => {
  const { log, tick } = await openLog();
  await log.openConsumer(topics.inbox(0), engine);
  let decisions = 5;
  const { clock, side } = await watched(log, { decisions: () => decisions });
  for (let look = 0; look < 6; look++) {
    await tick();
    await clock.step();
  }
  expect(side.troubles).toEqual([
    { partition: 0, kind: "stalled", waiting: 6, forMs: 15_000, owner: "engine-a" },
  ]);
  expect(side.status).toEqual([
    { partition: 0, waiting: 6, stalledMs: 15_000, unownedMs: 0, owner: "engine-a" },
  ]);
  decisions++;
  await clock.step();
  expect(side.troubles).toEqual([]);
});

test("who is behind in history, or can't ask, says that nobody can tell, from ten seconds on", async () => {
  const { log, tick } = await openLog();
  await tick();
  let isLive = true;
  const broken = { ...log, topicStats: () => Promise.reject(new Error("503 (The disk is full.)")) };
  const behind = await watched(log, { isLive: () => isLive });
  const deaf = await watched(broken);
  for (let look = 0; look < 3; look++) {
    await behind.clock.step();
    await deaf.clock.step();
  }
  expect(behind.side.status).toMatchObject([{ waiting: 0, unownedMs: 9_000 }]);
  expect(deaf.side.troubles, "a lost look or two is none").toEqual([]);
  isLive = false;
  for (let look = 0; look < 5; look++) {
    await behind.clock.step();
    await deaf.clock.step();
  }
  expect(behind.side.troubles).toMatchObject([
    { kind: "unknown", why: expect.stringContaining("is behind") },
  ]);
  const why = "the log doesn't say what waits: 503 (The disk is full.)";
  const unknown = { forMs: 24_000, why };
  expect(deaf.side.status, "nothing is said of what waits").toEqual([{ partition: 0, unknown }]);
  expect(deaf.side.troubles).toEqual([{ partition: 0, kind: "unknown", waiting: 0, ...unknown }]);
  expect(deaf.said).toEqual([`Whether commands are decided can't be told: ${why}`]);
});
