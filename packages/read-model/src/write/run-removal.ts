import type { DatabaseSync, StatementSync } from "node:sqlite";
import { foldedLabel } from "@downbeat/domain";
import { readMeta } from "../cache.ts";
import { openStatuses, shownStatuses } from "../derive/shown-status.ts";
import { jsonOf, numberOf, type RunDetails, textOf } from "../rows.ts";
import { OutcomeRetirement } from "./job-outcomes.ts";
import type { OwedRows } from "./owed-rows.ts";

/** Runs removed in one transaction: some milliseconds, so that what is new does not wait. */
const runsAtOnce = 100;
const othersAtOnce = 500;
/** Of the file, given back to the disk at once. */
const pagesAtOnce = 500;

const countedFromKey = "counted-from";

const ended = shownStatuses.flatMap((status, shown) => (openStatuses.includes(status) ? [] : [shown]));

/** A run of which nothing is left but this. */
export interface RemovedRow {
  readonly runId: string;
  readonly workflow: string;
  readonly status: string;
  /** ms since the epoch */
  readonly endedAt: number;
}

/** Removes runs whose history retention removes: everything but the figures that they were counted in, and that they were there. */
export class RunRemoval {
  readonly #db: DatabaseSync;
  readonly #owed: OwedRows;
  readonly #outcomes: OutcomeRetirement;
  readonly #find: StatementSync;
  readonly #due: StatementSync;
  readonly #count: StatementSync;
  readonly #removeLabel: StatementSync;
  readonly #removeTerm: StatementSync;
  readonly #remove: readonly StatementSync[];
  readonly #removeByRunId: readonly StatementSync[];
  readonly #note: StatementSync;
  readonly #forget: StatementSync;
  /** Of no run: what was refused because there was none, and what nobody could parse. */
  readonly #others: readonly StatementSync[];
  readonly #isNoted: StatementSync;
  readonly #setCountedFrom: StatementSync;
  /** Of runs that ended up to this time some were removed before they were counted in any figure here, ms since the epoch; 0: none was. */
  countedFrom: number;
  /** Runs that ended up to this time may be removed, ms since the epoch; 0: none is. */
  upTo: number;

  constructor(db: DatabaseSync, owed: OwedRows) {
    this.#db = db;
    this.#owed = owed;
    this.#outcomes = new OutcomeRetirement(db);
    const columns = "r.id, r.run_id, r.workflow, r.shown, r.ended_at, d.terms, d.json";
    const from = "FROM runs r JOIN run_details d ON d.id = r.id";
    this.#find = db.prepare(`SELECT ${columns} ${from} WHERE r.run_id = ?`);
    this.#due = db.prepare(
      `SELECT ${columns} ${from} WHERE r.shown = ? AND r.ended_at < ? AND r.ended_at IS NOT NULL LIMIT ${runsAtOnce}`,
    );
    this.#count = db.prepare("UPDATE counters SET n = n - 1 WHERE workflow = ? AND shown = ?");
    this.#removeLabel = db.prepare("DELETE FROM labels WHERE key = ? AND folded = ? AND run = ?");
    this.#removeTerm = db.prepare("DELETE FROM terms WHERE term = ? AND run = ?");
    this.#remove = [
      "steps WHERE run",
      "open_rows WHERE run",
      "run_numbers WHERE run",
      "run_details WHERE id",
      "runs WHERE id",
    ].map((where) => db.prepare(`DELETE FROM ${where} = ?`));
    this.#removeByRunId = ["actions", "refusals"].map((table) =>
      db.prepare(`DELETE FROM ${table} WHERE run_id = ?`),
    );
    this.#note = db.prepare(
      "INSERT OR REPLACE INTO removed_runs (run_id, workflow, status, ended_at) VALUES (?, ?, ?, ?)",
    );
    this.#isNoted = db.prepare("SELECT 1 FROM removed_runs WHERE run_id = ?");
    this.#setCountedFrom = db.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)");
    this.countedFrom = Number(readMeta(db).get(countedFromKey) ?? 0);
    this.#forget = db.prepare("DELETE FROM removed_runs WHERE ended_at < ?");
    this.#others = [
      `refusals WHERE (run_id, input_id) IN (SELECT run_id, input_id FROM refusals WHERE at < ? ORDER BY at LIMIT ${othersAtOnce})`,
      `actions WHERE (run_id, action_id) IN (SELECT a.run_id, a.action_id FROM actions a WHERE a.at < ?
        AND NOT EXISTS (SELECT 1 FROM runs r WHERE r.run_id = a.run_id) LIMIT ${othersAtOnce})`,
      "quarantine WHERE at < ?",
    ].map((where) => db.prepare(`DELETE FROM ${where}`));
    this.upTo = Number(db.prepare("SELECT max(ended_at) AS at FROM removed_runs").get()?.at ?? 0);
  }

  /**
   * Within a transaction, before runs are written.
   *
   * @param pending runs that were removed, says the log, and ids that other runs have now
   */
  write({
    removed,
    replaced,
  }: {
    readonly removed: readonly RemovedRow[];
    readonly replaced: readonly string[];
  }): void {
    const known = new Set<string>();
    for (const runId of [...replaced, ...removed.map((row) => row.runId)]) {
      const found = this.#find.get(runId);
      if (found === undefined) continue;
      known.add(runId);
      this.#removeRow(found);
    }
    let { countedFrom } = this;
    for (const row of removed) {
      if (!known.has(row.runId) && this.#isNoted.get(row.runId) === undefined)
        countedFrom = Math.max(countedFrom, row.endedAt);
      this.#noted(row);
    }
    if (countedFrom === this.countedFrom) return;
    this.countedFrom = countedFrom;
    this.#setCountedFrom.run(countedFromKey, String(countedFrom));
  }

  /**
   * One slice, in a transaction of its own. Nothing of these runs may wait to be written.
   *
   * @param endedBefore ms since the epoch
   * @param forgottenBefore also that they were there; ms since the epoch
   * @returns whether there are more
   */
  next(endedBefore: number, forgottenBefore: number): boolean {
    const moreOutcomes = this.#outcomes.next(endedBefore);
    const rows = ended.flatMap((shown) => this.#due.all(shown, endedBefore)).slice(0, runsAtOnce);
    this.#db.exec("BEGIN IMMEDIATE");
    for (const row of rows) {
      this.#removeRow(row);
      this.#noted({
        runId: textOf(row, "run_id"),
        workflow: textOf(row, "workflow"),
        status: shownStatuses[numberOf(row, "shown")] ?? "",
        endedAt: numberOf(row, "ended_at"),
      });
    }
    this.#forget.run(forgottenBefore);
    for (const statement of this.#others) statement.run(endedBefore);
    this.#owed.writeTotals();
    this.#db.exec("COMMIT");
    if (rows.length > 0) this.#db.exec(`PRAGMA incremental_vacuum(${pagesAtOnce})`);
    return moreOutcomes || rows.length === runsAtOnce;
  }

  #removeRow(row: NonNullable<ReturnType<StatementSync["get"]>>): void {
    const id = numberOf(row, "id");
    for (const [key, value] of Object.entries(jsonOf<RunDetails>(row).labels))
      this.#removeLabel.run(key, foldedLabel(value), id);
    for (const term of textOf(row, "terms").split("\n")) if (term !== "") this.#removeTerm.run(term, id);
    this.#owed.remove(id);
    for (const statement of this.#remove) statement.run(id);
    for (const statement of this.#removeByRunId) statement.run(textOf(row, "run_id"));
    this.#count.run(textOf(row, "workflow"), numberOf(row, "shown"));
  }

  #noted({ runId, workflow, status, endedAt }: RemovedRow): void {
    this.#note.run(runId, workflow, status, endedAt);
    this.upTo = Math.max(this.upTo, endedAt);
  }
}
