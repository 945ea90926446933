import type { DatabaseSync } from "node:sqlite";
import { EmbeddedLogOpenError } from "../open-error.ts";
import type { StoredState } from "./batch.ts";
import { saltOf } from "./check-parts.ts";
import { CheckedTables, type Leftover, type Row, spareTables } from "./checked-tables.ts";
import { putMeta, rowChecksum } from "./checksum.ts";
import { damaged, isSmall } from "./open-database.ts";
import type { Sums } from "./sums.ts";

const producersKept = 10_000;

/** As {@link readState}, with the mark that the file is opened once more. What is left out of tables that may lose rows, and said, is dropped from them. */
export function loadState(database: DatabaseSync, file: string, sums: Sums): StoredState {
  const { state, spare } = readTables(database, file, isSmall(file));
  const previous = state.ledger;
  // No two openings have the same number, not even of a copy and of what it was made from: positions of one are none of the other's.
  const ledger = Math.max(previous + 1, Date.now());
  sums.transact(() => {
    for (const table of spareTables) dropLeftOut(database, sums, table, spare[table]);
  });
  writeOpening(database, file, { ledger, previous }, sums);
  return { ...state, ledger };
}

/**
 * Everything but the messages, which are counted all the same.
 *
 * @throws EmbeddedLogOpenError when a row without which the log can't be read is not what was stored
 */
export function readState(database: DatabaseSync, file: string): StoredState {
  return readTables(database, file, true).state;
}

type Spare = Readonly<Record<(typeof spareTables)[number], Leftover>>;

function readTables(
  database: DatabaseSync,
  file: string,
  counting: boolean,
): { readonly state: StoredState; readonly spare: Spare } {
  const tables = new CheckedTables(database, file);
  const read = tables.needed.bind(tables);
  const meta = new Map(read("meta").map(({ name, value }) => [String(name), Number(value)]));
  const topicRows = read("topics");
  const topics = topicRows.map((row) => ({
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
  const spare = { acked: tables.spare("acked"), producers: tables.spare("producers") };
  tables.messages(topicRows, counting);
  const state = {
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
    acked: ackedOf(spare.acked.rows),
    producers: spare.producers.rows.map((row) => ({
      topic: Number(row.topic),
      name: String(row.name),
      sequence: Number(row.sequence),
      usedAt: Number(row.used_at),
    })),
    damage: tables.damage,
  };
  return { state, spare };
}

function dropLeftOut(database: DatabaseSync, sums: Sums, table: keyof Spare, { drop }: Leftover): void {
  if (drop === "nothing") return;
  const which = drop === "all" ? "true" : `checksum IS NOT ${rowChecksum(table)}`;
  database.exec(`DELETE FROM ${table} WHERE ${which}`);
  sums.refill(table);
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
  sums: Sums,
): void {
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  sums.transact(() => {
    for (const [name, value] of Object.entries({ ...opening, open: 1 })) putMeta(database, name, value);
  });
  if (file !== ":memory:") sums.transact(() => putMeta(database, "salt", saltOf(file)));
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  const forget = database.prepare(
    "DELETE FROM producers WHERE (topic, name) IN (SELECT topic, name FROM producers ORDER BY used_at DESC LIMIT -1 OFFSET ?)",
  );
  sums.transact(() => {
    putMeta(database, "open", 0);
    forget.run(producersKept);
  });
}

/** Moves what was committed from the write-ahead log into the file, which says there that it is open: what is committed from then on is beside it. */
export function moveIntoFile(database: DatabaseSync, sums: Sums): void {
  sums.transact(() => putMeta(database, "open", 1));
  database.exec("PRAGMA wal_checkpoint(PASSIVE)");
  sums.transact(() => putMeta(database, "open", 0));
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
  throw new EmbeddedLogOpenError(damaged(file, `a row of its table ${missing} is missing`));
}
