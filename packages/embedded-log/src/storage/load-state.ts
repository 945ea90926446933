import type { DatabaseSync } from "node:sqlite";
import { EmbeddedLogOpenError } from "../open-error.ts";
import type { StoredState } from "./batch.ts";
import { saltOf } from "./check-parts.ts";
import { putMeta, rowChecksum } from "./checksum.ts";
import { damaged } from "./open-database.ts";
import { named, type Table, tables } from "./schema.ts";

const producersKept = 10_000;

type Row = Readonly<Record<string, unknown>>;

/** As {@link readState}, with the mark that the file is opened once more. */
export function loadState(database: DatabaseSync, file: string): StoredState {
  const state = readState(database, file);
  const previous = state.ledger;
  // No two openings have the same number, not even of a copy and of what it was made from: positions of one are none of the other's.
  const ledger = Math.max(previous + 1, Date.now());
  writeOpening(database, file, { ledger, previous });
  return { ...state, ledger };
}

/**
 * Everything but the messages.
 *
 * @throws EmbeddedLogOpenError when a row without which the log can't be read is not what was stored
 */
export function readState(database: DatabaseSync, file: string): StoredState {
  const damage: string[] = [];
  const read = (table: Table) => readTable(database, table, file);
  const meta = new Map(read("meta").map(({ name, value }) => [String(name), Number(value)]));
  const topics = read("topics").map((row) => ({
    id: Number(row.id),
    name: String(row.name),
    lastEntry: Number(row.last_entry),
    whole: row.whole === 1,
  }));
  const segments = read("segments").map((row) => ({
    topic: Number(row.topic),
    ledger: Number(row.ledger),
    firstEntry: Number(row.first_entry),
  }));
  refuseMissing({ topics, segments }, file);
  return {
    ledger: meta.get("ledger") ?? 0,
    topics,
    segments,
    partitioned: read("partitioned").map((row) => ({
      name: String(row.name),
      partitions: Number(row.partitions),
    })),
    subscriptions: read("subscriptions").map((row) => ({
      id: Number(row.id),
      topic: Number(row.topic),
      name: String(row.name),
      markDelete: Number(row.mark_delete),
    })),
    acked: ackedOf(readSpare(database, "acked", file, damage)),
    producers: readSpare(database, "producers", file, damage).map((row) => ({
      topic: Number(row.topic),
      name: String(row.name),
      sequence: Number(row.sequence),
      usedAt: Number(row.used_at),
    })),
    damage,
  };
}

/**
 * What `checkParts` looks at. It is in the file itself, not only in its write-ahead log, before anything else is written.
 *
 * That the file is open is taken back at once, in the write-ahead log alone: a process that ends without closing it (`process.exit`, an uncaught error)
 * has SQLite close it all the same, which moves everything into the file and deletes the write-ahead log. Nothing is missing then, and the file says so.
 */
function writeOpening(
  database: DatabaseSync,
  file: string,
  opening: { readonly ledger: number; readonly previous: number },
): void {
  database.exec("PRAGMA wal_checkpoint(TRUNCATE); BEGIN IMMEDIATE");
  for (const [name, value] of Object.entries({ ...opening, open: 1 })) putMeta(database, name, value);
  database.exec("COMMIT");
  if (file !== ":memory:") putMeta(database, "salt", saltOf(file));
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  putMeta(database, "open", 0);
  database
    .prepare(
      "DELETE FROM producers WHERE (topic, name) IN (SELECT topic, name FROM producers ORDER BY used_at DESC LIMIT -1 OFFSET ?)",
    )
    .run(producersKept);
}

/** Moves what was committed from the write-ahead log into the file, which says there that it is open: what is committed from then on is beside it. */
export function moveIntoFile(database: DatabaseSync): void {
  putMeta(database, "open", 1);
  database.exec("PRAGMA wal_checkpoint(PASSIVE)");
  putMeta(database, "open", 0);
}

function ackedOf(rows: readonly Row[]): StoredState["acked"] {
  const acked = new Map<number, number[]>();
  for (const { subscription, entry } of rows) {
    const entries = acked.get(Number(subscription));
    if (entries === undefined) acked.set(Number(subscription), [Number(entry)]);
    else entries.push(Number(entry));
  }
  return [...acked].map(([subscription, entries]) => ({ subscription, entries }));
}

/** A bit in a page of the file can take a row out of a table, and no checksum of a row says so. Neither table ever loses one. */
function refuseMissing({ topics, segments }: Pick<StoredState, "topics" | "segments">, file: string): void {
  const known = new Set(topics.map(({ id }) => id));
  const begun = new Set(segments.flatMap(({ topic, firstEntry }) => (firstEntry === 0 ? [topic] : [])));
  const missing = segments.some(({ topic }) => !known.has(topic))
    ? "topics"
    : topics.some(({ id, lastEntry }) => lastEntry >= 0 && !begun.has(id))
      ? "segments"
      : undefined;
  if (missing === undefined) return;
  throw new EmbeddedLogOpenError(damaged(file), { cause: `a row of its table ${missing} is missing` });
}

/** Ordered by the primary key. */
function readTable(database: DatabaseSync, table: Table, file: string): Row[] {
  const found = checked(database, table);
  if (found.every(({ fits }) => fits === 1)) return found;
  throw new EmbeddedLogOpenError(damaged(file), {
    cause: `a row of its table ${table} is not what was stored`,
  });
}

/** Of a table that may lose rows: an acknowledgement that is lost, or the number of a producer, only makes a message come once more. */
function readSpare(database: DatabaseSync, table: Table, file: string, damage: string[]): Row[] {
  const found = checked(database, table);
  const whole = found.filter(({ fits }) => fits === 1);
  const lost = found.length - whole.length;
  if (lost > 0)
    damage.push(
      `${lost} of the table ${table} of the log file ${file} ${lost === 1 ? "is" : "are"} not what was stored and left out: a message may come once more.`,
    );
  return whole;
}

function checked(database: DatabaseSync, table: Table): Row[] {
  const columns = named(tables[table]);
  return database
    .prepare(
      `SELECT ${columns}, checksum IS ${rowChecksum(table)} AS fits FROM ${table} ORDER BY ${tables[table][0]}, ${tables[table][1]}`,
    )
    .all();
}
