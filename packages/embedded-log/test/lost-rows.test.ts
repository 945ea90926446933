import { copyFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import { damageOf, type Position } from "@downbeat/message-log";
import { until } from "@downbeat/message-log/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EmbeddedLogOpenError, LogFile, openEmbeddedLog } from "../src/index.ts";
import { temporaryFile } from "./temporary-file.ts";

const scope = "public/default";
const kept = "history-partition-0";
const shared = "jobs-bookFlight";

let file = "";
let directory = "";
beforeEach(async () => {
  ({ file, directory } = await temporaryFile());
});
afterEach(() => rm(directory, { recursive: true }));

/** A log at rest with rows in every table; compacted, acknowledged in part, and opened twice. */
async function live(): Promise<void> {
  for (const round of [1, 2]) {
    const log = await openEmbeddedLog({ file, storage: "inline" });
    const handle = log.connect();
    if (round === 1) for (const name of ["inbox", "timers"]) await handle.createPartitionedTopic(name, 2);
    const came: Position[] = [];
    const opened = ["fast", "slow"].map((subscription) => {
      const consumer = handle.openConsumer(shared, {
        subscription,
        type: "Shared",
        onMessage: ({ position, properties }) => {
          came.push(position);
          const isDone =
            properties.id === "0" || (subscription === "fast" && Number(properties.id) % 2 === 1);
          if (isDone) void consumer.then((one) => one.acknowledge(position));
        },
      });
      return consumer;
    });
    const consumers = await Promise.all(opened);
    await send(log, shared, 8);
    await until("all came", () => came.length >= 16);
    for (const consumer of consumers) await consumer.close();
    const at = await send(log, kept, 6);
    await send(log, "quarantine", 3);
    const [first, , , fourth] = at;
    if (first === undefined || fourth === undefined) throw new Error("They are not there.");
    const instead = { position: fourth, after: first, payload: Buffer.from("2 to 4"), properties: {} };
    await log.compact(scope, kept, [instead]);
    await log.close();
  }
}

async function send(log: Awaited<ReturnType<typeof openEmbeddedLog>>, topic: string, count: number) {
  const producer = await log.connect().openProducer(topic, { producerName: `sender of ${topic}` });
  const sent = Array.from({ length: count }, (_, i) =>
    producer.send({ payload: Buffer.from(`message ${i}`), properties: { id: String(i) } }),
  );
  const positions = await Promise.all(sent);
  await producer.close();
  return positions;
}

/** What `downbeat verify` says of it. */
async function wrongWith(path: string): Promise<string[]> {
  const found = LogFile.open(path);
  try {
    const problems = [...found.damage];
    for (const topic of found.topics()) {
      for await (const message of found.messages(topic)) {
        const damage = damageOf(message);
        if (damage !== undefined) problems.push(damage);
      }
    }
    return problems;
  } catch (error) {
    if (!(error instanceof EmbeddedLogOpenError)) throw error;
    return [error.message];
  } finally {
    found.close();
  }
}

interface Column {
  readonly name: string;
  readonly isText: boolean;
  /** Two rows can't have the same. */
  readonly isUnique: boolean;
}

/** The tables of the file itself, whichever there are. */
function tablesOf(
  path: string,
): { readonly table: string; readonly rows: number; readonly columns: Column[] }[] {
  return using(path, (database) => {
    const names = database.prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    );
    return names.all().map(({ name }) => {
      const table = String(name);
      const indexes = database.prepare(`PRAGMA index_list(${table})`).all();
      const unique = new Set(
        indexes.flatMap((index) =>
          database
            .prepare(`PRAGMA index_info(${index.name})`)
            .all()
            .map((one) => String(one.name)),
        ),
      );
      const columns = database
        .prepare(`PRAGMA table_info(${table})`)
        .all()
        .map((one) => ({
          name: String(one.name),
          isText: one.type === "TEXT",
          isUnique: Number(one.pk) > 0 || unique.has(String(one.name)),
        }));
      const rows = Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
      return { table, rows, columns };
    });
  });
}

function using<T>(path: string, look: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(path);
  try {
    database.function("row_checksum", { varargs: true }, (...values) => crc32(JSON.stringify(values)) | 0);
    return look(database);
  } finally {
    database.close();
  }
}

type Change = (table: string, columns: readonly Column[], row: number) => string;

function nth(table: string, columns: readonly Column[], row: number): string {
  const keys = columns.filter(({ isUnique }) => isUnique).map(({ name }) => name);
  return `(${keys.join(", ")}) = (SELECT ${keys.join(", ")} FROM ${table} ORDER BY ${keys.join(", ")} LIMIT 1 OFFSET ${row})`;
}

function copyOf(table: string, columns: readonly Column[], row: number, fitting: boolean): string {
  const changed = (column: Column) =>
    column.isUnique ? `${column.name} ${column.isText ? "|| 'x'" : "+ 1000"}` : column.name;
  const values = columns.filter(({ name }) => name !== "checksum").map(changed);
  const checksum = fitting ? `row_checksum(${values.join(", ")})` : "checksum";
  return `INSERT INTO ${table} SELECT ${values.join(", ")}, ${checksum} FROM ${table} WHERE ${nth(table, columns, row)}`;
}

const changes: Readonly<Record<string, Change>> = {
  "is deleted": (table, columns, row) => `DELETE FROM ${table} WHERE ${nth(table, columns, row)}`,
  "is there again under another key": (table, columns, row) => copyOf(table, columns, row, false),
  "has the values of another": (table, columns, row) => {
    const values = columns.filter(({ isUnique }) => !isUnique).map(({ name }) => name);
    const other = `SELECT ${values.join(", ")} FROM ${table} WHERE ${nth(table, columns, row + 1)}`;
    return `UPDATE ${table} SET (${values.join(", ")}) = (${other}) WHERE ${nth(table, columns, row)} AND EXISTS (${other})`;
  },
  // As in a page that was not written when it should have been.
  "is there beside the others, with its checksum": (table, columns, row) =>
    table.startsWith("messages_") ? "" : copyOf(table, columns, row, true),
};

async function changedBy(sql: string): Promise<string | undefined> {
  const copy = join(directory, "changed.db");
  await copyFile(file, copy);
  const changed = using(copy, (database) => {
    database.exec(sql);
    return Number(database.prepare("SELECT total_changes() AS n").get()?.n);
  });
  return changed === 0 ? undefined : copy;
}

test("a log that was used in every way is whole, and so are its backups", async () => {
  await live();
  expect(await wrongWith(file)).toEqual([]);
  const log = await openEmbeddedLog({ file, storage: "inline" });
  await log.dropBefore(scope, "quarantine", Number.MAX_SAFE_INTEGER);
  const hot = await log.backUp(join(directory, "hot"));
  await log.close();
  const closed = LogFile.open(file);
  const cold = await closed.backUp(join(directory, "cold"));
  closed.close();
  for (const one of [file, hot, cold]) {
    expect(await wrongWith(one), one).toEqual([]);
    await (await openEmbeddedLog({ file: one, storage: "inline" })).close();
    expect(await wrongWith(one), one).toEqual([]);
  }
});

describe("a row of any table of the file", () => {
  test.each(Object.entries(changes))("that %s is said", { timeout: 60_000 }, async (name, change) => {
    await live();
    const tables = tablesOf(file);
    expect(tables.filter(({ rows }) => rows === 0).map(({ table }) => table)).toEqual([]);
    expect(tables.length).toBeGreaterThan(10);
    for (const { table, columns, rows } of tables) {
      for (let row = 0; row < rows; row++) {
        const copy = await changedBy(change(table, columns, row));
        if (copy === undefined) continue;
        expect(await wrongWith(copy), `row ${row} of ${table} ${name}`).not.toEqual([]);
      }
    }
  });

  test("is missed, too, where all of them are deleted", async () => {
    await live();
    for (const { table } of tablesOf(file)) {
      const copy = await changedBy(`DELETE FROM ${table}`);
      if (copy === undefined) throw new Error(`There was none in ${table}.`);
      expect(await wrongWith(copy), table).not.toEqual([]);
    }
  });
});

async function told(path: string): Promise<string[]> {
  const sentences: string[] = [];
  const log = await openEmbeddedLog({
    file: path,
    storage: "inline",
    onDamaged: ({ sentence }) => sentences.push(sentence),
  });
  await log.close();
  return sentences;
}

test.each(["subscriptions", "partitioned", "meta", "segments", "topics", "sums"])(
  "a log whose table %s lost a row is not opened",
  async (table) => {
    await live();
    const columns = tablesOf(file).find((one) => one.table === table)?.columns ?? [];
    const copy = await changedBy(`DELETE FROM ${table} WHERE ${nth(table, columns, 0)}`);
    await expect(told(copy ?? "")).rejects.toThrow(/is damaged: .* is missing\. Restore it from a backup/);
  },
);

test.each(["acked", "producers"])(
  "a log whose table %s lost a row says so once, and is whole without it",
  async (table) => {
    await live();
    const columns = tablesOf(file).find((one) => one.table === table)?.columns ?? [];
    const copy = (await changedBy(`DELETE FROM ${table} WHERE ${nth(table, columns, 0)}`)) ?? "";
    expect(await told(copy)).toEqual([expect.stringContaining(`1 of the table ${table} of the log file`)]);
    expect(await told(copy)).toEqual([]);
    expect(await wrongWith(copy)).toEqual([]);
  },
);

test("an acknowledgement too many makes none that counts: all of them are left out", async () => {
  await live();
  const columns = tablesOf(file).find((one) => one.table === "acked")?.columns ?? [];
  const copy = (await changedBy(copyOf("acked", columns, 0, true))) ?? "";
  expect(await told(copy)).toEqual([expect.stringContaining("all left out: messages may come once more.")]);
  expect(using(copy, (database) => database.prepare("SELECT * FROM acked").all())).toEqual([]);
  expect(await told(copy)).toEqual([]);
});

test("a log says how many messages were deleted where some are deleted anyhow", async () => {
  await live();
  const id = using(file, (database) =>
    database.prepare("SELECT id FROM topics WHERE name LIKE ?").get(`%${shared}`),
  );
  const copy = (await changedBy(`DELETE FROM messages_${id?.id} WHERE entry = 5`)) ?? "";
  expect(await told(copy)).toEqual([
    expect.stringContaining(`1 message of ${scope}/${shared} was deleted from the log file`),
  ]);
});

test("a log is not opened that has a message beyond the newest of its topic", async () => {
  await live();
  const copy =
    (await changedBy("INSERT INTO messages_1 SELECT 900, message, checksum FROM messages_1 LIMIT 1")) ?? "";
  await expect(told(copy)).rejects.toThrow("a row was added to its table messages_1");
});

test.each([2, 3])("a file of format %i can be read, and gets its sums when it is opened", async (version) => {
  await live();
  const older =
    (await changedBy(`DROP TABLE sums; DELETE FROM acked; PRAGMA user_version = ${version}`)) ?? "";
  expect(await wrongWith(older)).toEqual([]);
  expect(await told(older)).toEqual([]);
  expect(await wrongWith(older)).toEqual([]);
  using(older, (database) => database.exec("DELETE FROM subscriptions WHERE id = 1"));
  await expect(told(older)).rejects.toThrow("a row of its table subscriptions is missing");
});

test("a file with sums that says it is from before them is damaged", async () => {
  await live();
  const copy = (await changedBy("DELETE FROM acked; PRAGMA user_version = 2")) ?? "";
  expect(await wrongWith(copy)).toEqual([expect.stringContaining("is damaged")]);
  await expect(told(copy)).rejects.toThrow("is damaged");
});
