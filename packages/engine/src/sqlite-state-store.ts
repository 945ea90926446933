import { rmSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { z } from "zod";
import { earliestDeadline } from "./memory-state-store.ts";
import type { RunEntry } from "./run-entry.ts";
import { SqliteTrials, trialTables } from "./sqlite-trials.ts";
import type { SnapshotHead, StateStore } from "./state-store.ts";
import type { Trials } from "./trials.ts";
import { WorkNotes } from "./work-notes.ts";

// Raised whenever the meaning of what is stored changes; another version is thrown away and folded again.
const version = "3";

const headRow = z.object({ json: z.string() });
const runRow = z.object({ json: z.string() });
const openRow = z.object({ run_id: z.string(), due_at: z.number().nullable() });

/**
 * The state stores of one engine process, in one file. A cache: written without waiting for the disk, deleted when in doubt. A file that is found
 * damaged later can't be mended under the stores in use: it is deleted, and the process should end and begin again.
 */
export class SqliteStateStores {
  readonly #db: DatabaseSync;
  readonly #notes: WorkNotes;
  readonly #path: string;
  readonly #onDamaged: (error: Error) => void;
  /** Why the file was begun anew, when it was. */
  readonly rebuilt: string | undefined;

  /** @param path file, made when it is not there */
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
    this.#notes = new WorkNotes(workNotesFile(path));
  }

  partition(partition: number): StateStore {
    const trials = new SqliteTrials(this.#db, this.#notes, partition);
    return new SqliteStateStore(this.#db, trials, partition, (error) => {
      remove(this.#path);
      this.#onDamaged(error);
    });
  }

  close(): void {
    this.#db.close();
    this.#notes.close();
  }
}

/** What the process is at, beside its stores; it outlives a damaged file of them. */
export function workNotesFile(path: string): string {
  return `${path}-work`;
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
      CREATE INDEX IF NOT EXISTS run_open ON run (partition, run_id) WHERE open = 1;
      ${trialTables}
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
  readonly trials: Trials;
  readonly #db: DatabaseSync;
  readonly #partition: number;
  readonly #head: StatementSync;
  readonly #run: StatementSync;
  readonly #putHead: StatementSync;
  readonly #putRun: StatementSync;

  readonly #onDamaged: (error: Error) => void;

  constructor(db: DatabaseSync, trials: Trials, partition: number, onDamaged: (error: Error) => void) {
    this.#onDamaged = onDamaged;
    this.trials = trials;
    this.#db = db;
    this.#partition = partition;
    this.#head = db.prepare("SELECT json FROM head WHERE partition = ? AND version = ?");
    this.#run = db.prepare("SELECT json FROM run WHERE partition = ? AND run_id = ?");
    this.#putHead = db.prepare("INSERT OR REPLACE INTO head (partition, version, json) VALUES (?, ?, ?)");
    this.#putRun = db.prepare(
      "INSERT OR REPLACE INTO run (partition, run_id, open, due_at, json) VALUES (?, ?, ?, ?, ?)",
    );
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
