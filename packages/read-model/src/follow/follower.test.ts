import { copyFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { openEmbeddedLog, serve } from "@downbeat/embedded-log";
import { type MessageLog, systemClock } from "@downbeat/message-log";
import { encodeQuarantineMessage, topics } from "@downbeat/protocol";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { expect, onTestFinished, test, vi } from "vitest";
import { ReadModel } from "../read/read-model.ts";
import { everyEvent } from "../test/every-event.ts";
import { HistoryLog, historyOf } from "../test/history-log.ts";
import { RunDriver } from "../test/run-driver.ts";
import { scratchFile } from "../test/scratch.ts";
import { Follower } from "./follower.ts";

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${condition}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function append(log: MessageLog, topic: string, payloads: readonly Uint8Array[]): Promise<void> {
  const producer = await log.openProducer(topic);
  for (const payload of payloads) await producer.send({ payload });
  await producer.close();
}

function follow(
  log: MessageLog,
  path = scratchFile(),
): { follower: Follower; readModel: ReadModel; path: string } {
  const follower = new Follower({ log, path, source: "test", flushEveryMs: 5 });
  const readModel = new ReadModel(path);
  onTestFinished(async () => {
    await follower.close();
    readModel.close();
  });
  return { follower, readModel, path };
}

const payloads = historyOf(everyEvent()).messages.map((message) => message.payload);

test("it says what is missing: first the topics, then the history, then nothing", async () => {
  await using embedded = await openEmbeddedLog({ file: ":memory:" });
  const log = embedded.connect();
  const { follower, readModel } = follow(log);
  expect(follower.freshness()).toMatchObject({
    completeTo: 0,
    live: false,
    note: expect.stringContaining("no connection"),
  });
  await until(() => follower.freshness().note?.includes("no history topics yet") === true);
  await log.createPartitionedTopic("history", 2);
  await append(log, topics.history(0), payloads);
  await until(() => follower.freshness().live);
  expect(readModel.counts()).toMatchObject({ completed: 1, failed: 1, cancelled: 1, terminated: 2 });
  expect(follower.freshness()).toMatchObject({ behind: 0 });
  expect(follower.freshness().note).toBeUndefined();
  expect(Date.now() - follower.freshness().completeTo).toBeLessThan(5_000);
});

test("a lost connection is taken up again after the last record: nothing is missed, nothing is doubled", async () => {
  await using embedded = await openEmbeddedLog({ file: ":memory:" });
  const inside = embedded.connect();
  await inside.createPartitionedTopic("history", 1);
  const first = await serve(embedded, { port: 0 });
  const outside = openPulsarWebSocketLog({ serviceUrl: first.url });
  onTestFinished(() => outside.close());
  const { follower, readModel } = follow(outside);
  const half = Math.floor(payloads.length / 2);
  await append(inside, topics.history(0), payloads.slice(0, half));
  await until(() => follower.status().records === half);

  await first.close();
  await until(() => follower.freshness().note?.includes("no connection") === true);
  expect(follower.freshness().live).toBe(false);
  await append(inside, topics.history(0), payloads.slice(half));
  const second = await serve(embedded, { port: first.port });
  onTestFinished(() => second.close());
  await until(() => follower.status().records === payloads.length);
  await until(() => follower.freshness().live);
  expect(readModel.counts()).toMatchObject({ completed: 1, failed: 1, cancelled: 1, terminated: 2 });
});

test("closed and opened again, it goes on; on another log it begins again, and says so to who has the file open", async () => {
  await using embedded = await openEmbeddedLog({ file: ":memory:" });
  const log = embedded.connect();
  await log.createPartitionedTopic("history", 1);
  await append(log, topics.history(0), payloads);
  const path = scratchFile();
  const before = new Follower({ log, path, source: "test" });
  await until(() => before.freshness().live);
  const { generation } = before;
  await before.close();

  const again = new Follower({ log, path, source: "test" });
  await until(() => again.freshness().live);
  expect([again.generation, again.status().records]).toEqual([generation, 0]);
  await again.close();

  await using otherEmbedded = await openEmbeddedLog({ file: ":memory:" });
  const other = otherEmbedded.connect();
  await other.createPartitionedTopic("history", 1);
  await append(other, topics.history(0), [...payloads.slice(0, 1), ...payloads.slice(0, 1)]);
  const { follower, readModel } = follow(other, path);
  expect(readModel.counts().completed).toBe(1);
  const reasons: string[] = [];
  follower.onRebuilt((reason) => {
    reasons.push(reason);
    readModel.reopen();
  });
  await until(() => follower.freshness().live);
  expect(reasons).toEqual(["the log does not have what the cache has read"]);
  expect(follower.generation).not.toBe(generation);
  expect(readModel.counts().completed).toBe(0);
});

test("a full disk is told in a sentence, and the read model goes on where it was once there is room", async () => {
  await using embedded = await openEmbeddedLog({ file: ":memory:" });
  const log = embedded.connect();
  await log.createPartitionedTopic("history", 1);
  const path = scratchFile();
  const failures: Error[] = [];
  const connections = vi.spyOn(DatabaseSync.prototype, "exec");
  const first = new Follower({ log, path, source: "test", onFailure: (error) => failures.push(error) });
  const isCache = (db: unknown): db is DatabaseSync =>
    db instanceof DatabaseSync && db.isOpen && db.location() === path;
  const cache = connections.mock.contexts.find(isCache);
  connections.mockRestore();
  await until(() => first.freshness().live);
  // As a disk that has no page more: SQLite says the same of both.
  cache?.exec("PRAGMA max_page_count = 1");
  const run = new RunDriver("large", 0).do({
    type: "StartRun",
    workflow: "w",
    input: JSON.stringify("x".repeat(100_000)),
  });
  await append(
    log,
    topics.history(0),
    historyOf([run]).messages.map(({ payload }) => payload),
  );
  await until(() => failures.length > 0);
  expect(failures.map(({ message }) => message)).toEqual([
    `The disk that holds the read model (${path}) is full. Make room; then it goes on by itself where it was.`,
  ]);
  await first.close();

  const { follower, readModel } = follow(log, path);
  await until(() => follower.freshness().live);
  expect(readModel.counts()).toMatchObject({ running: 1 });
});

test("what is in quarantine can be looked at", async () => {
  await using embedded = await openEmbeddedLog({ file: ":memory:" });
  const log = embedded.connect();
  await log.createPartitionedTopic("history", 1);
  const message = { topic: "inbox-partition-0", position: "p", reason: "not JSON", text: "{", at: 5 };
  await append(log, topics.quarantine, [encodeQuarantineMessage(message), Buffer.from("not even that")]);
  const { readModel } = follow(log);
  await until(() => readModel.quarantine({ limit: 10 }).messages.length === 1);
  expect(readModel.quarantine({ limit: 10 }).messages).toEqual([message]);
  expect(readModel.quarantine({ limit: 10 }).leftOut).toMatchObject([
    { topic: "quarantine", reason: "It is no entry of the quarantine that this version can read." },
  ]);
});

/** A log whose clock the test sets, with one record a second. */
async function logOfSeconds(): Promise<{ log: MessageLog; timeOf: (record: number) => number }> {
  const start = Date.UTC(2026, 9, 1);
  let now = start;
  const embedded = await openEmbeddedLog({ file: ":memory:", clock: { ...systemClock, now: () => now } });
  onTestFinished(() => embedded.close());
  const log = embedded.connect();
  await log.createPartitionedTopic("history", 1);
  const producer = await log.openProducer(topics.history(0));
  for (const payload of payloads) {
    now += 1_000;
    await producer.send({ payload });
  }
  return { log, timeOf: (record) => start + (record + 1) * 1_000 };
}

function followFrom(log: MessageLog, beginning: number, path: string): Follower {
  const now = Date.now();
  const clock = { ...systemClock, now: () => now };
  const hotWindowMs = now - beginning;
  return new Follower({ log, path, clock, source: "test", hotWindowMs, beginsWithHotWindow: true });
}

test("an empty cache can begin with the hot window, and goes on from there when it is opened again", async () => {
  const { log, timeOf } = await logOfSeconds();
  const half = Math.floor(payloads.length / 2);
  const path = scratchFile();
  const first = followFrom(log, timeOf(half), path);
  await until(() => first.freshness().live);
  const events = first.status().events;
  expect(first.freshness().completeFrom).toBe(timeOf(half));
  expect(first.status().earlier).toMatchObject({ ignoredKnown: false, openRunsKnown: false });
  expect(first.status().earlier?.orphanRuns).toBeGreaterThan(0);
  await first.close();

  const whole = follow(log);
  await until(() => whole.follower.freshness().live);
  expect(events).toBeLessThan(whole.follower.status().events);
  expect(whole.follower.freshness().completeFrom).toBeUndefined();

  // The window has moved on; what the cache holds has not.
  const again = followFrom(log, timeOf(half + 2), path);
  await until(() => again.freshness().live);
  expect(again.freshness().completeFrom).toBe(timeOf(half));
  expect(again.status()).toMatchObject({ records: 0, earlier: { beginning: timeOf(half) } });
  await again.close();
});

test("a log that is younger than the hot window is read from its beginning", async () => {
  const { log, timeOf } = await logOfSeconds();
  const follower = followFrom(log, timeOf(-1), scratchFile());
  await until(() => follower.freshness().live);
  expect(follower.freshness().completeFrom).toBeUndefined();
  expect(follower.status().records).toBe(payloads.length);
  await follower.close();
});

test("a cache that has read further than a log that was put back is built again, also when that is longer by now", async () => {
  const file = scratchFile();
  const copy = `${file}-copy`;
  const grow = async (path: string, records: readonly Uint8Array[]) => {
    const opened = await openEmbeddedLog({ file: path });
    await opened.connect().createPartitionedTopic("history", 1);
    await append(opened.connect(), topics.history(0), records);
    await opened.close();
  };
  await grow(file, payloads.slice(0, 5));
  copyFileSync(file, copy);
  await grow(file, payloads.slice(5, 9));
  await grow(copy, payloads.slice(5));
  const path = scratchFile();
  const options = { path, source: "test", flushEveryMs: 5 };
  {
    await using ahead = await openEmbeddedLog({ file });
    const before = new Follower({ ...options, log: ahead.connect() });
    await until(() => before.status().records === 9);
    await before.close();
  }
  await using putBack = await openEmbeddedLog({ file: copy });
  const notices: string[] = [];
  const after = new Follower({
    ...options,
    log: putBack.connect(),
    onNotice: (sentence) => notices.push(sentence),
  });
  onTestFinished(() => after.close());
  await until(() => after.status().records === payloads.length);
  expect(notices).toEqual([
    "The read model is built again from the log: the log does not have what the cache has read.",
  ]);
});

test("a cache whose log is put back while it is followed says why it can't go on, and the next is built again", async () => {
  const file = scratchFile();
  const copy = `${file}-copy`;
  const open = (path: string) => openEmbeddedLog({ file: path });
  let embedded = await open(file);
  await embedded.connect().createPartitionedTopic("history", 1);
  await append(embedded.connect(), topics.history(0), payloads.slice(0, 5));
  await embedded.close();
  copyFileSync(file, copy);
  embedded = await open(file);
  const server = await serve(embedded, { port: 0 });
  const log = openPulsarWebSocketLog({ serviceUrl: server.url });
  onTestFinished(() => log.close());
  const failed = Promise.withResolvers<Error>();
  const options = { log, path: scratchFile(), source: "test", flushEveryMs: 5 };
  const follower = new Follower({ ...options, onFailure: failed.resolve });
  onTestFinished(() => follower.close());
  await append(embedded.connect(), topics.history(0), payloads.slice(5, 9));
  await until(() => follower.status().records === 9);
  await server.close();
  await embedded.close();
  await using putBack = await open(copy);
  await append(putBack.connect(), topics.history(0), payloads.slice(5));
  const second = await serve(putBack, { port: server.port });
  onTestFinished(() => second.close());
  expect((await failed.promise).message).toMatch(
    /^Another log is read at history-partition-0 now: .*is not one of/,
  );
  const again = new Follower(options);
  onTestFinished(() => again.close());
  await until(() => again.freshness().live);
  expect(again.status().records).toBe(payloads.length);
});

test("a history whose beginning is gone is read from where it begins now, and it is said from when", async () => {
  const log = new HistoryLog();
  for (let turn = 0; turn < 3; turn++) log.claim();
  await using embedded = await openEmbeddedLog({ file: ":memory:" });
  await embedded.connect().createPartitionedTopic("history", 1);
  await append(
    embedded.connect(),
    topics.history(0),
    log.messages.slice(1).map(({ payload }) => payload),
  );
  const { follower, readModel } = follow(embedded.connect());
  await until(() => follower.freshness().live);
  expect(follower.freshness().leftOut).toBe(1);
  expect(readModel.quarantine({ limit: 10 }).leftOut).toMatchObject([
    {
      reason: expect.stringMatching(
        /^History of this partition begins here, on 20.*: what was before is gone/,
      ),
    },
  ]);
});

test("a partition that is made again while it is followed is read again, and its runs are said to be gone", async () => {
  const file = scratchFile();
  const open = (path: string) => openEmbeddedLog({ file: path });
  let embedded = await open(file);
  await embedded.connect().createPartitionedTopic("history", 1);
  await append(embedded.connect(), topics.history(0), payloads);
  const server = await serve(embedded, { port: 0 });
  const log = openPulsarWebSocketLog({ serviceUrl: server.url });
  onTestFinished(() => log.close());
  const failed = Promise.withResolvers<Error>();
  const options = { log, path: scratchFile(), source: "test", flushEveryMs: 5 };
  const follower = new Follower({ ...options, onFailure: failed.resolve });
  onTestFinished(() => follower.close());
  await until(() => follower.status().records === payloads.length);
  await server.close();
  await embedded.close();
  embedded = await open(scratchFile());
  onTestFinished(() => embedded.close());
  await embedded.connect().createPartitionedTopic("history", 1);
  await append(
    embedded.connect(),
    topics.history(0),
    [...payloads, ...payloads].slice(1, payloads.length + 4),
  );
  const second = await serve(embedded, { port: server.port });
  onTestFinished(() => second.close());
  await failed.promise;
  const again = new Follower(options);
  onTestFinished(() => again.close());
  await until(() => again.freshness().live);
  const readModel = new ReadModel(options.path);
  onTestFinished(() => readModel.close());
  expect(readModel.quarantine({ limit: 10 }).leftOut[0]?.reason).toMatch(
    /^What had been read of this partition up to 20.*, is gone from the log/,
  );
});
