/** "DnBt", so that another program's SQLite file is not taken for a log. */
export const applicationId = 0x446e4274;
export const formatVersion = 1;

export const schema = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE topics (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, last_entry INTEGER NOT NULL) STRICT;
  CREATE TABLE segments (
    topic INTEGER NOT NULL, ledger INTEGER NOT NULL, first_entry INTEGER NOT NULL, PRIMARY KEY (topic, ledger)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE partitioned (name TEXT PRIMARY KEY, partitions INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE subscriptions (
    id INTEGER PRIMARY KEY, topic INTEGER NOT NULL, name TEXT NOT NULL, mark_delete INTEGER NOT NULL, UNIQUE (topic, name)
  ) STRICT;
  CREATE TABLE acked (
    subscription INTEGER NOT NULL, entry INTEGER NOT NULL, PRIMARY KEY (subscription, entry)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE producers (
    topic INTEGER NOT NULL, name TEXT NOT NULL, sequence INTEGER NOT NULL, used_at INTEGER NOT NULL,
    PRIMARY KEY (topic, name)
  ) STRICT, WITHOUT ROWID;
`;

/**
 * One table a topic, so that every topic grows at the right edge of a tree of its own: a quarter cheaper than one table
 * with twenty places of growth, and the pages of acknowledged messages come free together.
 */
export function messageTable(topic: number): string {
  return `messages_${topic}`;
}

export function createMessageTable(topic: number): string {
  return `CREATE TABLE IF NOT EXISTS ${messageTable(topic)} (entry INTEGER PRIMARY KEY, message BLOB NOT NULL) STRICT`;
}
