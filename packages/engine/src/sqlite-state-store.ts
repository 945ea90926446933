import { rmSync } from "node:fs";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { earliestDeadline, type RunState } from "@downbeat/domain";
import { isOfFullDisk } from "@downbeat/message-log/sqlite";
import { z } from "zod";
import { KnownRuns } from "./known-runs.ts";
import type { RunEntry } from "./run-entry.ts";
import { SqliteTransactions } from "./sqlite-saving.ts";
import { SqliteTrials, trialTables } from "./sqlite-trials.ts";
import {
  NoRoomForSnapshot,
  type RunChange,
  type Saving,
  type SnapshotHead,
  type StateStore,
} from "./state-store.ts";
import { SteadyTime } from "./steady-time.ts";
import { readTombstone, tombstoneText } from "./tombstone.ts";
import type { Trials } from "./trials.ts";
import { WorkNotes } from "./work-notes.ts";

/** Written between two looks at the clock. */
const eventsAtOnce = 50;
/** Looked at with each save: a million are in seven hours. */
const tombstonesAtOnce = 200;

// Raised whenever the meaning of what is stored changes; another version is thrown away and folded again.
const version = "7";

const headRow = z.object({ json: z.string() });
const stateRow = z.object({ state: z.string() });
const eventRow = z.object({ json: z.string() });
const idRow = z.object({ run_id: z.string(), json: z.string() });
const tombstoneRow = z.object({ json: z.string() });
const openRow = z.object({ run_id: z.string(), due_at: z.number().nullable() });

/**
 * The state stores of one engine process, in one file. A cache: written without waiting for the disk, deleted when in doubt. A file that is found
 * damaged later can't be mended under the stores in use: it is deleted, and the process should end and begin again.
 */
export class SqliteStateStores {
  readonly #db: DatabaseSync;
  readonly #transactions: SqliteTransactions;
  readonly #notes: WorkNotes;
  readonly #path: string;
  readonly #onDamaged: (error: Error) => void;
  /** Why the file was begun again, when it was. */
  readonly rebuilt: string | undefined;
  readonly #keepIdsMs: number;
  readonly #monotonic: () => number;

  /**
   * @param path file, made when it is not there
   * @param keepIdsMs how long runs that are over are known; forever if not given
   */
  constructor(
    path: string,
    onDamaged: (error: Error) => void,
    keepIdsMs = Number.POSITIVE_INFINITY,
    monotonic = () => performance.now(),
  ) {
    this.#keepIdsMs = keepIdsMs;
    this.#monotonic = monotonic;
    this.#path = path;
    this.#onDamaged = onDamaged;
    try {
      this.#db = open(path);
    } catch (error) {
      if (!isDamage(error))
        throw isOfFullDisk(error, path) ? new NoRoomForSnapshot(path, { cause: error }) : error;
      remove(path);
      this.#db = open(path);
      this.rebuilt = error.message;
    }
    this.#transactions = new SqliteTransactions(this.#db);
    this.#notes = new WorkNotes(workNotesFile(path));
  }

  partition(partition: number): StateStore {
    const settled = () => {
      this.#transactions.settle();
      return this.#db;
    };
    const trials = new SqliteTrials(settled, this.#notes, partition);
    const onDamaged = (error: Error) => {
      remove(this.#path);
      this.#onDamaged(error);
    };
    return new SqliteStateStore(this.#db, trials, partition, {
      transactions: this.#transactions,
      path: this.#path,
      onDamaged,
      keepIdsMs: this.#keepIdsMs,
      monotonic: this.#monotonic,
    });
  }

  close(): void {
    this.#transactions.settle();
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
      -- Of earlier versions.
      DROP TABLE IF EXISTS run;
      CREATE TABLE IF NOT EXISTS open_run (
        partition INTEGER NOT NULL, run_id TEXT NOT NULL, due_at REAL, state TEXT NOT NULL,
        PRIMARY KEY (partition, run_id)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS event (
        partition INTEGER NOT NULL, run_id TEXT NOT NULL, seq INTEGER NOT NULL, json TEXT NOT NULL,
        PRIMARY KEY (partition, run_id, seq)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS tombstone (
        partition INTEGER NOT NULL, run_id TEXT NOT NULL, json TEXT NOT NULL,
        PRIMARY KEY (partition, run_id)
      ) STRICT, WITHOUT ROWID;
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
  return damage.has(resultOf(error));
}

/** SQLite's own code, without what extends it; 0 of any other error. */
function resultOf(error: unknown): number {
  return error instanceof Error && "errcode" in error ? Number(error.errcode) & 0xff : 0;
}

class SqliteStateStore implements StateStore {
  readonly trials: Trials;
  readonly #db: DatabaseSync;
  readonly #partition: number;
  readonly #head: StatementSync;
  readonly #openRun: StatementSync;
  readonly #events: StatementSync;
  readonly #tombstone: StatementSync;
  readonly #putHead: StatementSync;
  readonly #putOpen: StatementSync;
  readonly #putEvent: StatementSync;
  readonly #putTombstone: StatementSync;
  readonly #tombstonesAfter: StatementSync;
  readonly #deleteTombstone: StatementSync;
  readonly #deleteOpen: StatementSync;
  readonly #deleteEvents: StatementSync;

  readonly #keepIdsMs: number;
  /** A clock that was wrong for minutes would have every id forgotten. */
  #steady: SteadyTime | undefined;
  readonly #monotonic: () => number;
  /** The last run that was looked at, to be forgotten. */
  #lookedAt = "";
  readonly #transactions: SqliteTransactions;
  readonly #path: string;
  readonly #onDamaged: (error: Error) => void;
  /** Where all that it holds was written by this process. */
  #known: KnownRuns | undefined;
  #saving: Saving | undefined;

  constructor(
    db: DatabaseSync,
    trials: Trials,
    partition: number,
    {
      transactions,
      path,
      onDamaged,
      keepIdsMs,
      monotonic,
    }: {
      readonly keepIdsMs: number;
      readonly monotonic: () => number;
      readonly transactions: SqliteTransactions;
      readonly path: string;
      readonly onDamaged: (error: Error) => void;
    },
  ) {
    this.#keepIdsMs = keepIdsMs;
    this.#transactions = transactions;
    this.#path = path;
    this.#onDamaged = onDamaged;
    this.trials = trials;
    this.#db = db;
    this.#partition = partition;
    this.#head = db.prepare("SELECT json FROM head WHERE partition = ? AND version = ?");
    this.#openRun = db.prepare("SELECT state FROM open_run WHERE partition = ? AND run_id = ?");
    this.#events = db.prepare("SELECT json FROM event WHERE partition = ? AND run_id = ? ORDER BY seq");
    this.#tombstone = db.prepare("SELECT json FROM tombstone WHERE partition = ? AND run_id = ?");
    this.#putHead = db.prepare("INSERT OR REPLACE INTO head (partition, version, json) VALUES (?, ?, ?)");
    this.#putOpen = db.prepare(
      "INSERT OR REPLACE INTO open_run (partition, run_id, due_at, state) VALUES (?, ?, ?, ?)",
    );
    this.#putEvent = db.prepare("INSERT INTO event (partition, run_id, seq, json) VALUES (?, ?, ?, ?)");
    this.#putTombstone = db.prepare(
      "INSERT OR REPLACE INTO tombstone (partition, run_id, json) VALUES (?, ?, ?)",
    );
    this.#tombstonesAfter = db.prepare(
      `SELECT run_id, json FROM tombstone WHERE partition = ? AND run_id > ? ORDER BY run_id LIMIT ${tombstonesAtOnce}`,
    );
    this.#deleteTombstone = db.prepare("DELETE FROM tombstone WHERE partition = ? AND run_id = ?");
    this.#deleteOpen = db.prepare("DELETE FROM open_run WHERE partition = ? AND run_id = ?");
    this.#deleteEvents = db.prepare("DELETE FROM event WHERE partition = ? AND run_id = ? AND seq > ?");
    this.#monotonic = monotonic;
  }

  head(): SnapshotHead | undefined {
    const row = this.#head.get(this.#partition, version);
    // Written by this class alone, under this version: the shape is known once the text is whole.
    const head = row === undefined ? undefined : (JSON.parse(headRow.parse(row).json) as SnapshotHead);
    this.#steady ??= new SteadyTime(head?.at, this.#monotonic);
    if (head === undefined) this.reset();
    return head;
  }

  run(runId: string): RunEntry | undefined {
    if (this.#known?.mayHold(runId) === false) return undefined;
    const open = this.#openRun.get(this.#partition, runId);
    if (open !== undefined) {
      const state = JSON.parse(stateRow.parse(open).state) as RunState;
      const events = this.#events.all(this.#partition, runId);
      return { state, history: events.map((row) => JSON.parse(eventRow.parse(row).json)) };
    }
    const closed = this.#tombstone.get(this.#partition, runId);
    if (closed === undefined) return undefined;
    return { state: readTombstone(runId, tombstoneRow.parse(closed).json), history: [] };
  }

  *openRuns(): Iterable<{ runId: string; dueAt: number | undefined }> {
    const rows = this.#db
      .prepare("SELECT run_id, due_at FROM open_run WHERE partition = ?")
      .all(this.#partition);
    for (const row of rows) {
      const { run_id, due_at } = openRow.parse(row);
      yield { runId: run_id, dueAt: due_at ?? undefined };
    }
  }

  saving(head: SnapshotHead, runs: readonly RunChange[]): Saving {
    // Rule 19: head and runs in one transaction: of two moments they would be no fold.
    const saving = this.#transactions.saving(() => this.#write(head, runs));
    this.#saving = saving;
    return {
      goOn: (isOver) => {
        try {
          return saving.goOn(isOver);
        } catch (error) {
          throw isOfFullDisk(error, this.#path) ? new NoRoomForSnapshot(this.#path, { cause: error }) : error;
        }
      },
      abandon: () => saving.abandon(),
    };
  }

  *#write(head: SnapshotHead, runs: readonly RunChange[]): Iterable<unknown> {
    for (const change of runs) yield* this.#put(change);
    yield;
    if (this.#keepIdsMs < Number.POSITIVE_INFINITY) {
      this.#steady ??= new SteadyTime(undefined, this.#monotonic);
      this.#forgetSome(this.#steady.at(Math.min(head.at, Date.now())) - this.#keepIdsMs);
    }
    yield;
    this.#putHead.run(this.#partition, version, JSON.stringify(head));
    yield;
  }

  /** With each save it looks at some of them, round after round. */
  #forgetSome(closedBefore: number): void {
    const rows = this.#tombstonesAfter.all(this.#partition, this.#lookedAt);
    for (const row of rows) {
      const { run_id: runId, json } = idRow.parse(row);
      if (readTombstone(runId, json).closedAt < closedBefore)
        this.#deleteTombstone.run(this.#partition, runId);
      this.#lookedAt = runId;
    }
    if (rows.length < tombstonesAtOnce) this.#lookedAt = "";
  }

  *#put({ runId, state, saved, kept, added }: RunChange): Iterable<unknown> {
    yield;
    this.#known?.add(runId);
    if (saved > kept) this.#deleteEvents.run(this.#partition, runId, kept);
    if (state.status !== "running" && state.status !== "damaged") {
      this.#deleteOpen.run(this.#partition, runId);
      this.#putTombstone.run(this.#partition, runId, tombstoneText(state));
      return;
    }
    for (const [index, event] of added.entries()) {
      if (index % eventsAtOnce === 0) yield;
      this.#putEvent.run(this.#partition, runId, event.seq, JSON.stringify(event));
    }
    yield;
    const dueAt = state.status === "running" ? earliestDeadline(state) : undefined;
    this.#putOpen.run(this.#partition, runId, dueAt ?? null, JSON.stringify(state));
  }

  reset(): void {
    try {
      this.#saving?.abandon();
      this.#transactions.settle();
      for (const table of ["open_run", "event", "tombstone", "head"])
        this.#db.prepare(`DELETE FROM ${table} WHERE partition = ?`).run(this.#partition);
      this.#known = new KnownRuns();
    } catch (error) {
      if (isDamage(error)) this.#onDamaged(error);
      throw error;
    }
  }
}
