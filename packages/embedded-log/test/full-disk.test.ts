import { execFileSync } from "node:child_process";
import { mkdtemp, rm, statfs, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Position } from "@downbeat/message-log";
import { settled, until } from "@downbeat/message-log/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EmbeddedLog } from "../src/embedded-log.ts";
import { openEmbeddedLog } from "../src/index.ts";
import type { CommitBatch } from "../src/storage/batch.ts";
import { SqliteEngine } from "../src/storage/sqlite-engine.ts";
import { StorageError } from "../src/storage/storage-error.ts";
import { GatedStorage } from "./gated-storage.ts";
import { temporaryFile } from "./temporary-file.ts";

const text = (value: string) => ({ payload: Buffer.from(value) });

describe("a log whose disk is full", () => {
  let file = "";
  let directory = "";
  let storage: GatedStorage;
  let log: EmbeddedLog;
  const said: string[] = [];
  const failed: Error[] = [];
  beforeEach(async () => {
    ({ file, directory } = await temporaryFile());
    said.length = 0;
    failed.length = 0;
    storage = new GatedStorage(file);
    log = new EmbeddedLog(storage, {
      file,
      onFull: (_, sentence) => said.push(sentence),
      onFatal: (error) => failed.push(error),
    });
  });
  afterEach(async () => {
    await log.close();
    await rm(directory, { recursive: true });
  });

  test("says so once, takes nothing more, and writes what was under way when there is room again", async () => {
    const producer = await log.connect().openProducer("t");
    await producer.send(text("before"));
    storage.failure = new StorageError("full", "database or disk is full");
    let receipt: Position | undefined;
    const sent = producer.send(text("under way")).then((position) => {
      receipt = position;
    });
    await until("it is said", () => said.length > 0);
    await expect(producer.send(text("refused"))).rejects.toThrow(
      "The disk that holds the log is full: nothing is taken until there is room.",
    );
    await settled();
    expect(receipt).toBeUndefined();
    await expect(log.connect().backlogOf("t", "sub"), "nor is it known what is acknowledged").rejects.toThrow(
      "is full",
    );

    storage.failure = undefined;
    await sent;
    expect(receipt).toBeDefined();
    await producer.send(text("after"));
    expect(said).toEqual([
      `The disk that holds the log file ${file} is full: nothing more is taken. Make room, and it goes on by itself.`,
      `There is room again for the log file ${file}: it goes on.`,
    ]);
    expect(failed).toEqual([]);
  });

  test("closes without waiting for room: what has no receipt is lost", async () => {
    const producer = await log.connect().openProducer("t");
    await producer.send(text("before"));
    storage.failure = new StorageError("full", "database or disk is full");
    const sent = expect(producer.send(text("under way"))).rejects.toThrow(/is full/);
    await until("it is said", () => said.length > 0);
    await log.close();
    await sent;
  });
});

const megabyte = 1024 * 1024;

/** A file system of its own; `undefined` where this user may not make one. */
async function smallDisk(room = 4 * megabyte): Promise<string | undefined> {
  const place = await mkdtemp(join(tmpdir(), "downbeat-small-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${room}`, "tmpfs", place], { stdio: "ignore" });
    return place;
  } catch {
    await rm(place, { recursive: true });
    return undefined;
  }
}

test("on a disk that really is full, everything with a receipt is there afterwards", async ({ skip }) => {
  const place = await smallDisk();
  if (place === undefined) return skip("mounting a file system takes more rights");
  const file = join(place, "log.db");
  const said: string[] = [];
  let log = await openEmbeddedLog({ file, onFull: (_, sentence) => said.push(sentence) });
  try {
    const producer = await log.connect().openProducer("t");
    const ballast = join(place, "ballast");
    const { bavail, bsize } = await statfs(place);
    await writeFile(ballast, Buffer.alloc(bavail * bsize - 700_000));
    let receipts = 0;
    while (said.length === 0) {
      const sends = Array.from({ length: 20 }, () => producer.send({ payload: Buffer.alloc(2_000) }));
      const results = Promise.allSettled(sends).then((all) => {
        receipts += all.filter(({ status }) => status === "fulfilled").length;
      });
      await Promise.race([results, until("it is full", () => said.length > 0)]);
    }
    expect(said).toEqual([expect.stringContaining("is full: nothing more is taken")]);
    await rm(ballast);
    await until("it goes on", () => said.length === 2);
    await producer.send({ payload: Buffer.alloc(2_000) });
    receipts += 1;
    await log.close();
    log = await openEmbeddedLog({ file });
    const last = await log.connect().lastPosition("t");
    let found = 0;
    let end: Position | undefined;
    await log.connect().openReader("t", {
      from: "earliest",
      onMessage: ({ position }) => {
        found += 1;
        end = position;
      },
    });
    await until("all is read", () => end === last);
    expect(found).toBeGreaterThanOrEqual(receipts);
  } finally {
    await log.close();
    execFileSync("umount", [place]);
    await rm(place, { recursive: true });
  }
});

const nothing: CommitBatch = {
  ...{ topics: [], noLongerWhole: [], segments: [], partitioned: [], subscriptions: [] },
  ...{ removedSubscriptions: [], lastEntries: [], producers: [], cursors: [], acked: [], deletions: [] },
  ...{ erased: [], appends: { topics: [], entries: [], ends: [], bytes: Buffer.alloc(0) } },
};

test("a batch that was committed where the file has no room to take it over isn't committed again", async ({
  skip,
}) => {
  const place = await smallDisk(48 * megabyte);
  if (place === undefined) return skip("mounting a file system takes more rights");
  const file = join(place, "log.db");
  const ballast = join(place, "ballast");
  const message = Buffer.alloc(100_000);
  try {
    const engine = new SqliteEngine(file);
    engine.commit({
      ...nothing,
      topics: [{ id: 1, name: "public/default/t", lastEntry: -1, whole: true }],
      segments: [{ topic: 1, ledger: engine.state.ledger, firstEntry: 0 }],
    });
    const append = (entry: number) =>
      engine.commit({
        ...nothing,
        appends: { topics: [1], entries: [entry], ends: [message.length], bytes: message },
        lastEntries: [{ topic: 1, entry }],
      });
    for (let entry = 0; entry < 100; entry += 1) append(entry);
    // Room for some more in the write-ahead log, and not for all that is in it.
    const { bavail, bsize } = await statfs(place);
    await writeFile(ballast, Buffer.alloc(bavail * bsize - 6 * megabyte));
    let entry = 100;
    const fill = () => {
      for (; entry < 200; entry += 1) append(entry);
    };
    expect(fill).toThrow(/full/);
    expect(() => engine.checkpoint()).toThrow(/full/);
    await rm(ballast);
    append(entry);
    engine.close();
    const again = new SqliteEngine(file);
    expect(again.count(1, 0, 200)).toBe(entry + 1);
    again.close();
  } finally {
    // Lazily: a commit that throws leaves the file open.
    execFileSync("umount", ["--lazy", place]);
    await rm(place, { recursive: true });
  }
});
