import { rmSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { z } from "zod";
import { earliestDeadline } from "./memory-state-store.ts";
import type { RunEntry } from "./run-entry.ts";
import type { SnapshotHead, StateStore } from "./state-store.ts";

// Raised whenever the meaning of what is stored changes; another version is thrown away and folded again.
const version = "3";

const headRow = z.object({ json: z.string() });
const runRow = z.object({ json: z.string() });
const trialRow = z.object({ begun: z.number() });
const openRow = z.object({ run_id: z.string(), due_at: z.number().nullable() });

/**
 * The state stores of one engine process, in one file. A cache: written without waiting for the disk, deleted when in doubt. A file that is found
 * damaged later can't be mended under the stores in use: it is deleted, and the process should end and begin again.
 */
export class SqliteStateStores {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #onDamaged: (error: Error) => void;
  /** Why the file was begun anew, when it was. */
  readonly rebuilt: string | undefined;

  /** @param path file, made when it is not there; ":memory:" for none */
  constructor(path: string, onDamaged: (error: Error) => void) {
    this.#path = path;
    this.#onDamaged = onDamaged;
    try {
      this.#db = open(path);
    } catch (error) {
      if (!isDamage(error)) throw error;
      remove(path);
      this.#db = open(path);
      this.rebuilt = error.message;
    }
  }

  partition(partition: number): StateStore {
    return new SqliteStateStore(this.#db, partition, (error) => {
      remove(this.#path);
      this.#onDamaged(error);
    });
  }

  close(): void {
    this.#db.close();
  }
}

function open(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  try {
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000");
    db.exec(`
      CREATE TABLE IF NOT EXISTS head (partition INTEGER PRIMARY KEY, version TEXT NOT NULL, json TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS run (
        partition INTEGER NOT NULL, run_id TEXT NOT NULL, open INTEGER NOT NULL, due_at INTEGER, json TEXT NOT NULL,
        PRIMARY KEY (partition, run_id)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS trial (
        partition INTEGER NOT NULL, command_id TEXT NOT NULL, begun INTEGER NOT NULL, PRIMARY KEY (partition, command_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS run_open ON run (partition, run_id) WHERE open = 1;
    `);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function remove(path: string): void {
  for (const suffix of ["", "-wal", "-shm"]) rmSync(`${path}${suffix}`, { force: true });
}

// SQLITE_CORRUPT, SQLITE_NOTADB
const damage = new Set([11, 26]);

function isDamage(error: unknown): error is Error {
  if (!(error instanceof Error) || !("errcode" in error)) return false;
  return typeof error.errcode === "number" && damage.has(error.errcode & 0xff);
}

export class SqliteStateStore implements StateStore {
  readonly #db: DatabaseSync;
  readonly #partition: number;
  readonly #head: StatementSync;
  readonly #run: StatementSync;
  readonly #putHead: StatementSync;
  readonly #putRun: StatementSync;
  readonly #beginTrial: StatementSync;
  readonly #endTrial: StatementSync;
  readonly #anyTrial: StatementSync;

  readonly #onDamaged: (error: Error) => void;

  constructor(db: DatabaseSync, partition: number, onDamaged: (error: Error) => void) {
    this.#onDamaged = onDamaged;
    this.#db = db;
    this.#partition = partition;
    this.#head = db.prepare("SELECT json FROM head WHERE partition = ? AND version = ?");
    this.#run = db.prepare("SELECT json FROM run WHERE partition = ? AND run_id = ?");
    this.#putHead = db.prepare("INSERT OR REPLACE INTO head (partition, version, json) VALUES (?, ?, ?)");
    this.#putRun = db.prepare(
      "INSERT OR REPLACE INTO run (partition, run_id, open, due_at, json) VALUES (?, ?, ?, ?, ?)",
    );
    this.#beginTrial = db.prepare(`
      INSERT INTO trial (partition, command_id, begun) VALUES (?, ?, 1)
      ON CONFLICT DO UPDATE SET begun = begun + 1 RETURNING begun`);
    this.#endTrial = db.prepare("DELETE FROM trial WHERE partition = ? AND command_id = ?");
    this.#anyTrial = db.prepare("SELECT 1 FROM trial WHERE partition = ? LIMIT 1");
  }

  head(): SnapshotHead | undefined {
    const row = this.#head.get(this.#partition, version);
    // Written by this class alone, under this version: the shape is known once the text is whole.
    if (row !== undefined) return JSON.parse(headRow.parse(row).json) as SnapshotHead;
    this.reset();
    return undefined;
  }

  run(runId: string): RunEntry | undefined {
    const row = this.#run.get(this.#partition, runId);
    return row === undefined ? undefined : (JSON.parse(runRow.parse(row).json) as RunEntry);
  }

  *openRuns(): Iterable<{ runId: string; dueAt: number | undefined }> {
    const rows = this.#db
      .prepare("SELECT run_id, due_at FROM run WHERE partition = ? AND open = 1")
      .all(this.#partition);
    for (const row of rows) {
      const { run_id, due_at } = openRow.parse(row);
      yield { runId: run_id, dueAt: due_at ?? undefined };
    }
  }

  beginTrial(commandId: string): number {
    return trialRow.parse(this.#beginTrial.get(this.#partition, commandId)).begun - 1;
  }

  endTrial(commandId: string): void {
    this.#endTrial.run(this.#partition, commandId);
  }

  hasTrials(): boolean {
    return this.#anyTrial.get(this.#partition) !== undefined;
  }

  forgetTrials(): void {
    this.#db.prepare("DELETE FROM trial WHERE partition = ?").run(this.#partition);
  }

  save(head: SnapshotHead, runs: Iterable<readonly [string, RunEntry]>): void {
    this.#db.exec("BEGIN");
    try {
      for (const [runId, entry] of runs) {
        const open = entry.state.status === "running" ? 1 : 0;
        this.#putRun.run(
          this.#partition,
          runId,
          open,
          earliestDeadline(entry) ?? null,
          JSON.stringify(entry),
        );
      }
      this.#putHead.run(this.#partition, version, JSON.stringify(head));
      this.#db.exec("COMMIT");
    } catch (error) {
      this.#db.exec("ROLLBACK");
      throw error;
    }
  }

  reset(): void {
    try {
      this.#db.prepare("DELETE FROM run WHERE partition = ?").run(this.#partition);
      this.#db.prepare("DELETE FROM head WHERE partition = ?").run(this.#partition);
    } catch (error) {
      if (isDamage(error)) this.#onDamaged(error);
      throw error;
    }
  }
}
