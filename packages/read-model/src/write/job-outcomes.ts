import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { FailureKind } from "@downbeat/domain";
import { jobOutcomes, outcomesFromKey } from "../job-outcome.ts";
import { numberOf, textOf } from "../rows.ts";
import type { JobOutcome } from "../views.ts";

/** Rows that leave in one transaction: some milliseconds. */
const rowsAtOnce = 2_000;

/** One of the things that a figure of jobs or of errors counts. */
export interface CountedOutcome {
  readonly what: JobOutcome;
  readonly jobType: string;
  readonly workflow: string;
  readonly at: number;
  /** Number of the run. */
  readonly run: number;
  /** Of the event. */
  readonly seq: number;
  readonly tookMs?: number | undefined;
  /** As the figures of errors count it. */
  readonly error?: { readonly name: string; readonly kind: FailureKind } | undefined;
}

/** The rows behind the figures of jobs and errors, written along with them. */
export class JobOutcomes {
  readonly #insert: StatementSync;
  #pending: CountedOutcome[] = [];

  constructor(db: DatabaseSync) {
    this.#insert = db.prepare(
      `INSERT OR REPLACE INTO job_outcomes (what, job_type, workflow, at, run, seq, took, error, kind)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
  }

  add(outcome: CountedOutcome): void {
    this.#pending.push(outcome);
  }

  /** Within a transaction. */
  write(): void {
    for (const { what, jobType, workflow, at, run, seq, tookMs, error } of this.#pending)
      this.#insert.run(
        jobOutcomes.indexOf(what),
        jobType,
        workflow,
        at,
        run,
        seq,
        tookMs ?? null,
        error?.name ?? null,
        error?.kind ?? null,
      );
    this.#pending = [];
  }
}

/** Has rows leave whose runs' steps may have left. */
export class OutcomeRetirement {
  readonly #db: DatabaseSync;
  readonly #next: StatementSync;
  readonly #remove: StatementSync;
  readonly #note: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#next = db.prepare(
      `SELECT what, job_type, workflow, at FROM job_outcomes WHERE (what, job_type, workflow) > (?, ?, ?)
       ORDER BY what, job_type, workflow, at LIMIT 1`,
    );
    this.#remove = db.prepare(
      `DELETE FROM job_outcomes WHERE (what, job_type, workflow, at, run, seq) IN (
         SELECT what, job_type, workflow, at, run, seq FROM job_outcomes
         WHERE what = ? AND job_type = ? AND workflow = ? AND at < ? LIMIT ${rowsAtOnce})`,
    );
    // Each window has a retirement of its own, and what the wider one lets leave is not the last that left.
    this.#note = db.prepare(
      `INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE
       SET value = CAST(max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER)) AS TEXT)`,
    );
  }

  /**
   * One slice.
   *
   * @param before ms since the epoch
   * @returns whether there are more
   */
  next(before: number): boolean {
    for (let group = this.#next.get(-1, "", ""); group !== undefined; ) {
      const which = [numberOf(group, "what"), textOf(group, "job_type"), textOf(group, "workflow")] as const;
      if (numberOf(group, "at") < before) {
        this.#db.exec("BEGIN IMMEDIATE");
        this.#remove.run(...which, before);
        this.#note.run(outcomesFromKey, String(before));
        this.#db.exec("COMMIT");
        return true;
      }
      group = this.#next.get(...which);
    }
    return false;
  }
}
