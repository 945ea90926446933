/** "DnBt", so that another program's SQLite file is not taken for a log. */
export const applicationId = 0x446e4274;
/**
 * - 1: without checksums.
 * - 2: with a checksum of each message and each row, and topics known to be whole.
 * - 3: messages were compacted, so that some stand for others too.
 * - 4: with the sums of each table. An older release would not keep them up.
 */
export const formatVersion = 4;
/** The first that can be read without being brought to this one. */
export const checksummedVersion = 2;
/** The first with {@link tables}' `sums`. */
export const summedVersion = 4;

/** Columns of each table but those of messages, without its checksum. */
export const tables = {
  meta: ["name", "value"],
  topics: ["id", "name", "last_entry", "whole"],
  segments: ["topic", "ledger", "first_entry"],
  partitioned: ["name", "partitions"],
  subscriptions: ["id", "topic", "name", "mark_delete"],
  acked: ["subscription", "entry"],
  producers: ["topic", "name", "sequence", "used_at"],
  // How many rows each other table has, and the sum of their checksums, by its name; of messages the number alone.
  sums: ["name", "size", "sum"],
} as const;

export type Table = keyof typeof tables;
export type SummedTable = Exclude<Table, "sums">;

export const summedTables = (Object.keys(tables) as Table[]).filter((table) => table !== "sums");

/**
 * Columns for a SELECT whose rows are read by their names. A bit in the file's own words may make `ledger` `lEdger`: to SQL that is the same name, to whoever
 * reads the row it isn't.
 */
export function named(columns: readonly string[]): string {
  return columns.map((column) => `${column} AS ${column}`).join(", ");
}

export const sumsTable = `CREATE TABLE sums (
    name TEXT PRIMARY KEY, size INTEGER NOT NULL, sum INTEGER NOT NULL, checksum INTEGER
  ) STRICT, WITHOUT ROWID`;

export const schema = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL, checksum INTEGER) STRICT, WITHOUT ROWID;
  CREATE TABLE topics (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, last_entry INTEGER NOT NULL, whole INTEGER NOT NULL, checksum INTEGER
  ) STRICT;
  CREATE TABLE segments (
    topic INTEGER NOT NULL, ledger INTEGER NOT NULL, first_entry INTEGER NOT NULL, checksum INTEGER, PRIMARY KEY (topic, ledger)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE partitioned (
    name TEXT PRIMARY KEY, partitions INTEGER NOT NULL, checksum INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE subscriptions (
    id INTEGER PRIMARY KEY, topic INTEGER NOT NULL, name TEXT NOT NULL, mark_delete INTEGER NOT NULL, checksum INTEGER,
    UNIQUE (topic, name)
  ) STRICT;
  CREATE TABLE acked (
    subscription INTEGER NOT NULL, entry INTEGER NOT NULL, checksum INTEGER, PRIMARY KEY (subscription, entry)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE producers (
    topic INTEGER NOT NULL, name TEXT NOT NULL, sequence INTEGER NOT NULL, used_at INTEGER NOT NULL, checksum INTEGER,
    PRIMARY KEY (topic, name)
  ) STRICT, WITHOUT ROWID;
  ${sumsTable};
`;

/**
 * One table a topic, so that every topic grows at the right edge of a tree of its own: a quarter cheaper than one table
 * with twenty places of growth, and the pages of acknowledged messages come free together.
 */
export function messageTable(topic: number): string {
  return `messages_${topic}`;
}

export function createMessageTable(topic: number): string {
  return `CREATE TABLE IF NOT EXISTS ${messageTable(topic)} (
    entry INTEGER PRIMARY KEY, message BLOB NOT NULL, checksum INTEGER
  ) STRICT`;
}
