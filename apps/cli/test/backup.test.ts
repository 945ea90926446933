import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type EmbeddedLog, LogToken, noteRunningLog, openEmbeddedLog, serve } from "@downbeat/embedded-log";
import { encodeHistoryRecord, type HistoryRecord } from "@downbeat/protocol";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { backupCommand } from "../src/backup/command.ts";
import { compactCommand } from "../src/compact/command.ts";
import { CommandFailure } from "../src/failure.ts";
import { restoreCommand } from "../src/restore/command.ts";
import { verifyCommand } from "../src/verify/command.ts";

const commands = {
  backup: backupCommand,
  compact: compactCommand,
  restore: restoreCommand,
  verify: verifyCommand,
};

let folder: string;
let dataDir: string;
let backup: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "downbeat-backup-"));
  dataDir = join(folder, "data");
  backup = join(folder, "backup");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The command in this process: status, and what it wrote. */
async function downbeat(
  command: keyof typeof commands,
  ...args: string[]
): Promise<{ status: number; out: string; err: string }> {
  const written = { out: "", err: "" };
  const collect = (stream: "out" | "err") => (chunk: unknown) => {
    written[stream] += String(chunk);
    return true;
  };
  vi.spyOn(process.stdout, "write").mockImplementation(collect("out"));
  vi.spyOn(process.stderr, "write").mockImplementation(collect("err"));
  let status = 0;
  try {
    await commands[command]().parseAsync(args, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    status = error.exitStatus;
    written.err += `${error.message}\n`;
  } finally {
    vi.restoreAllMocks();
  }
  return { status, ...written };
}

function records(runs: number): HistoryRecord[] {
  const claim: HistoryRecord = { kind: "claim", id: "claim-1", epoch: 1, owner: "engine", at: 1 };
  const decisions = Array.from({ length: runs }, (_, i): HistoryRecord => {
    const input = { runId: `run-${i}`, workflow: "bookTrip", inputId: `input-${i}`, seq: 1 };
    return {
      kind: "decisions",
      id: `record-${i}`,
      prev: i === 0 ? "claim-1" : `record-${i - 1}`,
      claimId: "claim-1",
      at: 1,
      dispatchedUpTo: 0,
      decisions: [{ ...input, events: [{ type: "RunStarted", workflow: "bookTrip", input: "{}" }] }],
    };
  });
  return [claim, ...decisions];
}

async function append(log: EmbeddedLog, all: readonly HistoryRecord[]): Promise<void> {
  const producer = await log.connect().openProducer("history-partition-0");
  const send = (record: HistoryRecord) =>
    producer.send({ payload: encodeHistoryRecord(record), properties: { id: record.id } });
  await Promise.all(all.map(send));
  await producer.close();
}

function openData(): Promise<EmbeddedLog> {
  return openEmbeddedLog({ file: join(dataDir, "log.sqlite") });
}

async function makeLog(runs: number): Promise<void> {
  const log = await openData();
  await log.connect().createPartitionedTopic("history", 1);
  await append(log, records(runs));
  await log.close();
}

function change(directory: string, sql: string): void {
  const database = new DatabaseSync(join(directory, "log.sqlite"));
  database.exec(sql);
  database.close();
}

const dir = () => ["--data-dir", dataDir];

async function counts(directory: string) {
  const { out } = await downbeat("verify", directory, "--json");
  return JSON.parse(out);
}

describe("a backup", () => {
  test("of a running log holds all that had a receipt, and is whole while more is written", async () => {
    const log = await openData();
    await log.connect().createPartitionedTopic("history", 1);
    await append(log, records(200));
    const token = LogToken.in(join(dataDir, "log.token"));
    const server = await serve(log, { port: 0, token, operatorToken: "secret" });
    const forget = noteRunningLog(dataDir, { url: server.url, token: "secret" });
    expect(statSync(join(dataDir, "log.address")).mode & 0o077, "only its owner reads the token").toBe(0);
    const producer = await log.connect().openProducer("jobs-bookFlight");
    let isWriting = true;
    const writing = (async () => {
      while (isWriting)
        await Promise.all(Array.from({ length: 50 }, () => producer.send({ payload: Buffer.alloc(2_000) })));
    })();
    const made = await downbeat("backup", backup, ...dir());
    const ofRunning = await downbeat("verify", ...dir());
    isWriting = false;
    await writing;
    forget();
    await server.close();
    await log.close();

    expect(made).toMatchObject({ status: 0, err: "" });
    expect(made.out).toMatch(/backup\/log\.sqlite holds the log: \d+ MB\.\n/);
    expect(readdirSync(backup)).toEqual(["log.sqlite"]);
    const found = await counts(backup);
    expect(found).toMatchObject({
      problems: [],
      partitions: [{ partition: "public/default/history-partition-0", records: 201, runs: 200 }],
    });
    expect(ofRunning.status).toBe(0);
    expect(ofRunning.err).toMatch(/history is read from it/);
    expect(ofRunning.out).toMatch(/200 runs/);
  });

  test("of a log at rest is made without anybody's help, also where the note of a process is left", async () => {
    await makeLog(5);
    noteRunningLog(dataDir, { url: "ws://127.0.0.1:9", token: "of one that is gone" });
    expect(await downbeat("backup", backup, ...dir())).toMatchObject({ status: 0, err: "" });
    expect((await counts(backup)).partitions).toMatchObject([{ runs: 5 }]);
  });

  test("needs a directory of its own, and a log", async () => {
    expect(await downbeat("backup", backup, ...dir())).toMatchObject({
      status: 3,
      err: `${dataDir} has no log.\n`,
    });
    await makeLog(1);
    await downbeat("backup", backup, ...dir());
    expect(await downbeat("backup", backup, ...dir())).toMatchObject({
      status: 2,
      err: `${backup} holds a log already: give each backup a directory of its own.\n`,
    });
  });

  test("is refused to who has not the token", async () => {
    const log = await openData();
    const server = await serve(log, { port: 0, operatorToken: "secret" });
    const unguarded = await serve(log, { port: 0 });
    for (const { port } of [server, unguarded]) {
      const response = await fetch(`http://127.0.0.1:${port}/admin/downbeat/backup`, {
        method: "POST",
        headers: { authorization: "Bearer undefined" },
        body: JSON.stringify({ directory: backup }),
      });
      expect(response.status).toBe(401);
    }
    expect(existsSync(backup)).toBe(false);
    await server.close();
    await unguarded.close();
    await log.close();
  });
});

describe("restoring", () => {
  test("brings the log back, moves what is there aside, and drops the caches", async () => {
    await makeLog(3);
    await downbeat("backup", backup, ...dir());
    const log = await openData();
    await append(log, records(9).slice(4));
    for (const cache of ["engine", "server"]) {
      mkdirSync(join(dataDir, cache));
      writeFileSync(join(dataDir, cache, "cache.sqlite"), "newer than the backup");
    }
    expect(await downbeat("restore", backup, "--force", ...dir())).toMatchObject({
      status: 2,
      err: expect.stringMatching(/is in use\. Stop Downbeat first\./),
    });
    await log.close();
    expect(await downbeat("restore", backup, ...dir())).toMatchObject({
      status: 2,
      err: expect.stringMatching(/has a log already\. With --force it is moved aside/),
    });
    expect((await counts(dataDir)).partitions).toMatchObject([{ runs: 9 }]);

    expect((await downbeat("restore", backup, "--force", ...dir())).status).toBe(0);
    expect((await counts(dataDir)).partitions).toMatchObject([{ runs: 3 }]);
    const [replaced = "", ...others] = readdirSync(dataDir).filter((name) => name !== "log.sqlite");
    expect(others).toEqual([]);
    expect((await counts(join(dataDir, replaced))).partitions).toMatchObject([{ runs: 9 }]);
    const again = await openData();
    await append(again, records(4).slice(4));
    await again.close();
  });

  test("makes the data directory, and says when there is no backup", async () => {
    expect(await downbeat("restore", backup, ...dir())).toMatchObject({ status: 1 });
    await makeLog(3);
    await downbeat("backup", backup, ...dir());
    rmSync(dataDir, { recursive: true });
    expect((await downbeat("restore", backup, ...dir())).status).toBe(0);
    expect((await counts(dataDir)).partitions).toMatchObject([{ runs: 3 }]);
  });

  test("takes no damaged backup unasked", async () => {
    await makeLog(3);
    await downbeat("backup", backup, ...dir());
    change(backup, "DELETE FROM messages_1 WHERE entry = 2");
    rmSync(dataDir, { recursive: true });
    expect(await downbeat("restore", backup, ...dir())).toMatchObject({
      status: 1,
      err: expect.stringMatching(/Message 2 of .* is missing\..*\nThe backup is damaged/s),
    });
    expect(existsSync(join(dataDir, "log.sqlite"))).toBe(false);
    expect((await downbeat("restore", backup, "--accept-damage", ...dir())).status).toBe(0);
  });
});

describe("verifying", () => {
  test("says what is wrong, with status 1, and changes nothing", async () => {
    await makeLog(4);
    change(
      dataDir,
      "UPDATE messages_1 SET message = CAST(replace(message, 'run-1', 'run-x') AS BLOB) WHERE entry = 2",
    );
    const { mtimeMs } = statSync(join(dataDir, "log.sqlite"));
    const { status, out, err } = await downbeat("verify", dataDir);
    expect(status).toBe(1);
    expect(out).toMatch(/Message 2 of public\/default\/history-partition-0 is damaged/);
    expect(err).toMatch(/log\.sqlite is not as it should be: \d problem/);
    expect(statSync(join(dataDir, "log.sqlite")).mtimeMs).toBe(mtimeMs);
    expect(readdirSync(dataDir)).toEqual(["log.sqlite"]);
  });

  test.each([
    ["DELETE FROM meta WHERE name = 'salt'", "a row of its table meta is missing"],
    ["DELETE FROM segments", "a row of its table segments is missing"],
    [
      "INSERT INTO partitioned VALUES ('other', 2, 0)",
      "a row of its table partitioned is not what was stored",
    ],
    [
      "INSERT INTO messages_1 SELECT 900, message, checksum FROM messages_1 LIMIT 1",
      "a row was added to its table messages_1",
    ],
  ])("says which table lost a row or has one too many after %s", async (sql, problem) => {
    await makeLog(2);
    change(dataDir, sql);
    const { status, out } = await downbeat("verify", dataDir);
    expect(status).toBe(1);
    expect(out).toContain(`is damaged: ${problem}.`);
  });

  test("knows an owner's record that does not follow from a replaced owner's", async () => {
    const log = await openData();
    await log.connect().createPartitionedTopic("history", 1);
    const [claim, first, , third, fourth] = records(4);
    if (claim === undefined || first === undefined || third === undefined || fourth === undefined) return;
    await append(log, [claim, first, third, { ...fourth, claimId: "claim-0" } as HistoryRecord]);
    await log.close();
    const found = await counts(dataDir);
    expect(found.partitions).toMatchObject([{ records: 4, ignored: 2, runs: 1 }]);
    expect(found.problems).toEqual([
      expect.stringMatching(/the record at .* does not follow the one before/),
    ]);
  });

  test("says that a file's structure is broken, and that what was stored last is missing", async () => {
    const log = await openData();
    await log.connect().createPartitionedTopic("history", 1);
    await append(log, records(400));
    const copy = join(folder, "copy");
    mkdirSync(copy);
    const bytes = readFileSync(join(dataDir, "log.sqlite"));
    writeFileSync(join(copy, "log.sqlite"), bytes);
    await log.close();
    const found = await counts(copy);
    expect(found.problems[0]).toMatch(/was not closed, and .*-wal is not there/);

    const whole = readFileSync(join(dataDir, "log.sqlite"));
    whole.fill(0xff, 4_096 * 10, 4_096 * 12);
    writeFileSync(join(dataDir, "log.sqlite"), whole);
    const broken = await counts(dataDir);
    expect(broken.problems[0]).toMatch(/log\.sqlite is damaged: /);
  });

  test("finds no log where there is none", async () => {
    expect(await downbeat("verify", dataDir)).toMatchObject({
      status: 1,
      err: `There is no log file ${join(dataDir, "log.sqlite")}.\n`,
    });
  });
});

describe("compacting", () => {
  const ids = ["--keep-ids", "36500d"];

  /** Of so many runs that are over, and two that are open. */
  async function makeClosed(runs: number): Promise<void> {
    const log = await openData();
    await log.connect().createPartitionedTopic("history", 1);
    const all = records(runs + 2).map((record, index) =>
      record.kind === "claim" || index > runs
        ? record
        : {
            ...record,
            decisions: record.decisions.map((decision) => ({
              ...decision,
              events: [...decision.events, { type: "RunCompleted" as const, output: "1" }],
            })),
          },
    );
    await append(log, all);
    await log.close();
  }

  test("removes closed runs, after saying which it would, and the log is whole", async () => {
    await makeClosed(300);
    const tried = await downbeat("compact", dataDir, "--keep-closed", "30d", ...ids, "--dry-run");
    expect(tried).toMatchObject({ status: 0, err: "" });
    expect(tried.out).toMatch(
      /^300 closed runs would be removed from .*log\.sqlite\. Nothing was changed\.$/m,
    );
    expect(await counts(dataDir)).toMatchObject({ partitions: [{ records: 303, runs: 302, removed: 0 }] });

    const done = await downbeat("compact", dataDir, "--keep-closed", "30d", ...ids, "--json");
    expect(JSON.parse(done.out)).toMatchObject({ runs: 300, records: 299, dryRun: false });
    expect(await counts(dataDir)).toMatchObject({
      problems: [],
      partitions: [{ records: 4, claims: 1, runs: 2, removed: 300 }],
    });
    const again = await downbeat("compact", dataDir, "--keep-closed", "30d", ...ids);
    expect(again.out).toMatch(/^0 closed runs were removed/);
  });

  test("leaves a log of which a backup can be made and put back", async () => {
    await makeClosed(20);
    await downbeat("compact", dataDir, "--keep-closed", "30d", ...ids);
    expect(await downbeat("backup", backup, ...dir())).toMatchObject({ status: 0 });
    rmSync(dataDir, { recursive: true });
    expect(await downbeat("restore", backup, ...dir())).toMatchObject({ status: 0 });
    expect(await counts(dataDir)).toMatchObject({ problems: [], partitions: [{ runs: 2, removed: 20 }] });
  });

  test("is refused where a process has the log, where there is none, and without a time", async () => {
    expect(await downbeat("compact", dataDir, "--keep-closed", "30d")).toMatchObject({
      status: 1,
      err: `There is no log file ${join(dataDir, "log.sqlite")}.\n`,
    });
    const log = await openData();
    expect(await downbeat("compact", dataDir, "--keep-closed", "30d")).toMatchObject({
      status: 1,
      err: expect.stringContaining("is in use by another process"),
    });
    await log.close();
    expect(await downbeat("compact", dataDir, "--keep-closed", "30d", "--keep-ids", "2d")).toMatchObject({
      status: 2,
      err: expect.stringContaining("can't be shorter"),
    });
  });
});
