import type { DatabaseSync, StatementSync } from "node:sqlite";
import {
  type ExactNumber,
  exactOf,
  exactOfText,
  exactSum,
  exactText,
  exactZero,
  negated,
} from "@downbeat/domain";
import { type Amount, amountsOfLabels, amountsOfUndos, isOfLabel } from "../derive/amounts.ts";
import { brief } from "../derive/run-details.ts";
import { type Owed, owedOf } from "../fold/owed.ts";
import type { Step } from "../fold/run-fold.ts";
import { jsonOf, numberOf, optionalText, type Row, stepsOf, textOf } from "../rows.ts";
import type { Entry } from "./entry.ts";

/** A row of `owed`, as it is written. */
export interface OwedRow {
  readonly compensationId: string;
  readonly workflow: string;
  readonly jobType: string;
  readonly standing: string;
  readonly since: number;
  readonly rowId: string;
  readonly failure: string | undefined;
  readonly amounts: readonly Amount[];
}

interface Change {
  readonly path: string;
  readonly workflow: string;
  readonly jobType: string;
  readonly standing: string;
  n: number;
  sum: ExactNumber;
}

/** Numbers that can be summed, by where they stand: names that data makes up must not fill a table. */
const mostPaths = 500;
const nothing: ReadonlyMap<string, OwedRow> = new Map();

/** What is owed, row by row, and the totals of it: each is what the other says. */
export class OwedRows {
  readonly #rows: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #deleteAll: StatementSync;
  readonly #steps: StatementSync;
  readonly #total: StatementSync;
  readonly #putTotal: StatementSync;
  readonly #deleteTotal: StatementSync;
  readonly #paths: Set<string>;
  readonly #changes = new Map<string, Change>();

  constructor(db: DatabaseSync) {
    this.#rows = db.prepare("SELECT * FROM owed WHERE run = ?");
    this.#put = db.prepare(`
      INSERT OR REPLACE INTO owed (run, compensation_id, workflow, job_type, standing, since, row_id, failure, amounts)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    this.#delete = db.prepare("DELETE FROM owed WHERE run = ? AND compensation_id = ?");
    this.#deleteAll = db.prepare("DELETE FROM owed WHERE run = ?");
    this.#steps = db.prepare("SELECT json FROM steps WHERE run = ? ORDER BY seq");
    const key = "path = ? AND workflow = ? AND job_type = ? AND standing = ?";
    this.#total = db.prepare(`SELECT n, sum FROM owed_totals WHERE ${key}`);
    this.#putTotal = db.prepare(
      "INSERT OR REPLACE INTO owed_totals (path, workflow, job_type, standing, n, sum) VALUES (?, ?, ?, ?, ?, ?)",
    );
    this.#deleteTotal = db.prepare(`DELETE FROM owed_totals WHERE ${key}`);
    const paths = db.prepare("SELECT DISTINCT path FROM owed_totals").all();
    this.#paths = new Set(paths.map((row) => textOf(row, "path")));
  }

  /** What the tables say of a run. */
  of(run: number): ReadonlyMap<string, OwedRow> {
    const rows = this.#rows.all(run);
    return rows.length === 0 ? nothing : new Map(rows.map(rowOf).map((row) => [row.compensationId, row]));
  }

  /**
   * Within a transaction, after the run's steps.
   *
   * @param news steps that came since it was written last
   * @returns what the tables say of it now
   */
  write(
    { id, fold, written }: Pick<Entry, "id" | "fold" | "written">,
    news: readonly Step[],
  ): ReadonlyMap<string, OwedRow> {
    const before = written?.owed ?? nothing;
    const owed = owedOf(fold);
    if (owed.length === 0 && before.size === 0) return nothing;
    const found = this.#amountsOf(id, owed, before, news);
    const after = this.#rowsOf(fold, owed, before, found);
    for (const row of before.values()) {
      if (isSame(row, after.get(row.compensationId))) continue;
      this.#count(row, -1);
      if (!after.has(row.compensationId)) this.#delete.run(id, row.compensationId);
    }
    for (const row of after.values()) {
      if (isSame(row, before.get(row.compensationId))) continue;
      this.#count(row, 1);
      const { compensationId, workflow, jobType, standing, since, rowId, failure = null, amounts } = row;
      const json = JSON.stringify(amounts);
      this.#put.run(id, compensationId, workflow, jobType, standing, since, rowId, failure, json);
    }
    return after;
  }

  /** The run leaves. Within a transaction. */
  remove(run: number): void {
    const rows = this.of(run);
    for (const row of rows.values()) this.#count(row, -1);
    if (rows.size > 0) this.#deleteAll.run(run);
  }

  /** At the end of the transaction. */
  writeTotals(): void {
    for (const { path, workflow, jobType, standing, n: more, sum: added } of this.#changes.values()) {
      const key = [path, workflow, jobType, standing] as const;
      const known = this.#total.get(...key);
      const n = more + (known === undefined ? 0 : numberOf(known, "n"));
      const sum = known === undefined ? added : exactSum(exactOfText(textOf(known, "sum")), added);
      if (n === 0) this.#deleteTotal.run(...key);
      else this.#putTotal.run(...key, n, exactText(sum));
    }
    this.#changes.clear();
  }

  #rowsOf(
    { workflow, labels }: Entry["fold"],
    owed: readonly Owed[],
    before: ReadonlyMap<string, OwedRow>,
    found: ReadonlyMap<string, readonly Amount[]>,
  ): ReadonlyMap<string, OwedRow> {
    const ofLabels = amountsOfLabels(labels);
    return new Map(
      owed.map(({ compensationId, jobType, standing, since, rowId, failure }) => {
        const known = before.get(compensationId)?.amounts.filter(([path]) => !isOfLabel(path)) ?? [];
        const amounts = [...(found.get(compensationId) ?? known), ...ofLabels];
        const row: OwedRow = {
          compensationId,
          workflow,
          jobType,
          standing,
          since,
          rowId,
          failure: failure === undefined ? undefined : JSON.stringify(brief(failure)),
          amounts: amounts.filter(([path]) => this.#admit(path)),
        };
        return [compensationId, row];
      }),
    );
  }

  /** Of what is not written yet, or whose receipt has come since: for that, all of the run's steps are read. */
  #amountsOf(
    id: number,
    owed: readonly Owed[],
    before: ReadonlyMap<string, OwedRow>,
    news: readonly Step[],
  ): ReadonlyMap<string, readonly Amount[]> {
    const events = news.flatMap((step) => step.events);
    const completed = new Set(
      events.map((event) => (event.type === "JobCompleted" ? event.jobId : undefined)),
    );
    const asked = owed.filter(
      ({ compensationId, undoes }) =>
        !before.has(compensationId) || (undoes !== undefined && completed.has(undoes)),
    );
    if (asked.length === 0) return new Map();
    const steps = this.#steps.all(id).flatMap(stepsOf);
    return amountsOfUndos(steps, new Set(asked.map(({ compensationId }) => compensationId)));
  }

  #admit(path: string): boolean {
    if (this.#paths.has(path)) return true;
    if (this.#paths.size >= mostPaths) return false;
    this.#paths.add(path);
    return true;
  }

  #count({ workflow, jobType, standing, amounts }: OwedRow, times: 1 | -1): void {
    for (const [path, text] of [["", "0"], ...amounts] as const) {
      const number = exactOf(text) ?? exactZero;
      const added = times === 1 ? number : negated(number);
      const key = JSON.stringify([path, workflow, jobType, standing]);
      const change = this.#changes.get(key);
      if (change === undefined)
        this.#changes.set(key, { path, workflow, jobType, standing, n: times, sum: added });
      else {
        change.n += times;
        change.sum = exactSum(change.sum, added);
      }
    }
  }
}

function rowOf(row: Row): OwedRow {
  return {
    compensationId: textOf(row, "compensation_id"),
    workflow: textOf(row, "workflow"),
    jobType: textOf(row, "job_type"),
    standing: textOf(row, "standing"),
    since: numberOf(row, "since"),
    rowId: textOf(row, "row_id"),
    failure: optionalText(row, "failure"),
    amounts: jsonOf<Amount[]>(row, "amounts"),
  };
}

function isSame(one: OwedRow, other: OwedRow | undefined): boolean {
  return other !== undefined && JSON.stringify(one) === JSON.stringify(other);
}
