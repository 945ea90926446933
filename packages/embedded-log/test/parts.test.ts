import { copyFile, mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { MessageLog } from "@downbeat/message-log";
import { until } from "@downbeat/message-log/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type EmbeddedLog, EmbeddedLogOpenError, openEmbeddedLog } from "../src/index.ts";
import { temporaryFile } from "./temporary-file.ts";

let file = "";
let directory = "";
beforeEach(async () => {
  ({ file, directory } = await temporaryFile());
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function send(log: EmbeddedLog, count: number): Promise<void> {
  const producer = await log.connect().openProducer("t");
  await Promise.all(
    Array.from({ length: count }, (_, i) => producer.send({ payload: Buffer.from(String(i)) })),
  );
  await producer.close();
}

async function count(log: MessageLog): Promise<number> {
  const last = await log.lastPosition("t");
  let seen = 0;
  let end: string | undefined;
  const reader = await log.openReader("t", {
    from: "earliest",
    onMessage: ({ position }) => {
      seen += 1;
      end = position;
    },
  });
  await until("all is read", () => end === last);
  await reader.close();
  return seen;
}

/** The files as a process leaves them that is killed now. */
async function asKilled(name: string): Promise<string> {
  const copy = join(directory, name);
  await mkdir(dirname(copy), { recursive: true });
  for (const suffix of ["", "-wal"]) await copyFile(`${file}${suffix}`, `${copy}${suffix}`);
  return copy;
}

async function refusal(path: string): Promise<string> {
  const error = await openEmbeddedLog({ file: path }).then(
    () => expect.fail("it opened"),
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(EmbeddedLogOpenError);
  return String(error);
}

async function contents(path: string): Promise<string[][]> {
  const names = (await readdir(dirname(path))).filter((name) => name.startsWith(basename(path)));
  return Promise.all(
    names.toSorted().map(async (name) => [name, await readFile(join(dirname(path), name), "base64")]),
  );
}

describe("a log file without its write-ahead log", () => {
  test("is refused after a crash, and opened when the loss is accepted", async () => {
    const log = await openEmbeddedLog({ file });
    await send(log, 10);
    const copy = await asKilled("crashed.db");
    await log.close();
    await rm(`${copy}-wal`);

    const said = /crashed.db was not closed, and .*crashed.db-wal is not there.*--accept-loss/;
    expect(await refusal(copy)).toMatch(said);
    expect(await refusal(copy), "it stays refused").toMatch(said);
    const opened = await openEmbeddedLog({ file: copy, acceptLoss: true });
    await send(opened, 3);
    expect(await count(opened.connect())).toBe(3);
    await opened.close();
    await (await openEmbeddedLog({ file: copy })).close();
  });

  test("is refused too where so much was written that part of it was moved into the file", async () => {
    const log = await openEmbeddedLog({ file });
    const producer = await log.connect().openProducer("t");
    const payload = Buffer.alloc(8_000);
    for (let round = 0; round < 30; round++)
      await Promise.all(Array.from({ length: 100 }, () => producer.send({ payload })));
    const copy = await asKilled("crashed.db");
    await log.close();
    await rm(`${copy}-wal`);
    expect(await refusal(copy)).toMatch(/was not closed/);
  });

  test("is refused where it was copied alone from a running log", async () => {
    const log = await openEmbeddedLog({ file });
    await send(log, 10);
    const copy = join(directory, "copied.db");
    await copyFile(file, copy);
    await log.close();
    expect(await refusal(copy)).toMatch(/was not closed/);
  });

  test("is whole where it was closed", async () => {
    const log = await openEmbeddedLog({ file });
    await send(log, 10);
    await log.close();
    const copy = join(directory, "copied.db");
    await copyFile(file, copy);
    const opened = await openEmbeddedLog({ file: copy });
    expect(await count(opened.connect())).toBe(10);
    await opened.close();
  });
});

test("a crashed log opens with all that it had", async () => {
  const log = await openEmbeddedLog({ file });
  const early = await asKilled("early.db");
  await send(log, 10);
  const late = await asKilled("late.db");
  await log.close();
  for (const [copy, messages] of [
    [early, 0],
    [late, 10],
  ] as const) {
    const opened = await openEmbeddedLog({ file: copy });
    expect(await count(opened.connect())).toBe(messages);
    await opened.close();
  }
});

test("a log that crashes at every opening still opens", async () => {
  for (let round = 0; round < 5; round++) {
    const log = await openEmbeddedLog({ file });
    await send(log, 1);
    const copy = await asKilled(`crashed-${round}.db`);
    await log.close();
    file = copy;
  }
  const log = await openEmbeddedLog({ file });
  expect(await count(log.connect())).toBe(5);
  await log.close();
});

test("a write-ahead log of another file is refused, and both are left as they are", async () => {
  let log = await openEmbeddedLog({ file });
  await send(log, 10);
  await log.close();
  const older = join(directory, "older.db");
  await copyFile(file, older);
  for (const more of [5, 6]) {
    log = await openEmbeddedLog({ file });
    await send(log, more);
    if (more === 5) await log.close();
  }
  const copy = await asKilled("crashed.db");
  await log.close();

  await copyFile(older, copy);
  const before = await contents(copy);
  expect(await refusal(copy)).toMatch(/crashed.db-wal does not belong to .*crashed.db/);
  expect(await contents(copy)).toEqual(before);
  await rm(`${copy}-wal`);
  const opened = await openEmbeddedLog({ file: copy });
  expect(await count(opened.connect())).toBe(10);
  await opened.close();
});

describe("positions of a copy that went its own way", () => {
  test("are none of the original's", async () => {
    let log = await openEmbeddedLog({ file });
    await send(log, 5);
    await log.close();
    const copy = join(directory, "copy.db");
    await copyFile(file, copy);
    const last = async (path: string) => {
      const opened = await openEmbeddedLog({ file: path });
      await send(opened, 5);
      const position = await opened.connect().lastPosition("t");
      await opened.close();
      return position ?? expect.fail("it is empty");
    };
    const ofCopy = await last(copy);
    await last(file);
    await last(file);
    log = await openEmbeddedLog({ file });
    await expect(
      log.connect().openReader("t", { from: { after: ofCopy }, onMessage: () => {} }),
    ).rejects.toThrow(/is not one of/);
    await log.close();
  });
});

describe("a log whose data directory goes while it is in use", () => {
  test.each([
    ["deleted", () => rm(directory, { recursive: true })],
    ["moved", () => rename(directory, `${directory}-moved`)],
    ["robbed of the write-ahead log", () => rm(`${file}-wal`)],
    [
      "replaced",
      async () => {
        await copyFile(file, `${file}-copy`);
        await rename(`${file}-copy`, file);
      },
    ],
  ])("%s: takes nothing more, and says why", async (_, meddle) => {
    const failed: Error[] = [];
    const log = await openEmbeddedLog({ file, onFatal: (error) => failed.push(error) });
    const producer = await log.connect().openProducer("t");
    await producer.send({ payload: Buffer.from("kept") });
    await meddle();
    await expect(producer.send({ payload: Buffer.from("lost") })).rejects.toThrow(
      /was (deleted or moved away|replaced) while it was in use\. Nothing more is taken/,
    );
    expect(failed.length).toBe(1);
    await log.close();
    await rm(`${directory}-moved`, { recursive: true, force: true });
  });

  test("says so although nothing is written", async () => {
    const failed: Error[] = [];
    const log = await openEmbeddedLog({ file, onFatal: (error) => failed.push(error) });
    await rm(directory, { recursive: true });
    await until("it is noticed", () => failed.length === 1);
    expect(failed[0]?.message).toMatch(/was deleted or moved away/);
    await log.close();
  });
});
