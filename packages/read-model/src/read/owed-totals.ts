import { type ExactNumber, exactOfText, exactSum, exactText, exactZero } from "@downbeat/domain";
import { numberOf, type Row, textOf } from "../rows.ts";
import type { OwedFigures, OwedTotals } from "../views.ts";
import type { ReadDatabase } from "./database.ts";
import { owedStandings, standingOf } from "./owed.ts";

export interface OwedTotalsQuery {
  readonly workflow?: string | undefined;
  /** Path of the number that is summed. */
  readonly amount?: string | undefined;
}

const mostAmounts = 100;

/** Costs what there is of job types, however much is owed. */
export function owedTotals(
  db: ReadDatabase,
  { workflow, amount }: OwedTotalsQuery,
): Omit<OwedTotals, "freshness"> {
  return db.atOnce(() => {
    const groups = new Map<string, Sums>();
    const all = new Sums();
    for (const row of totalsAt(db, "", workflow)) {
      const jobType = textOf(row, "job_type");
      const group = groups.get(jobType) ?? new Sums();
      groups.set(jobType, group);
      for (const sums of [group, all]) sums.count(row);
    }
    for (const [jobType, group] of groups) group.oldest = oldestOf(db, jobType, workflow);
    all.oldest = [...groups.values()].reduce<number | undefined>(
      (oldest, group) => earlier(oldest, group.oldest),
      undefined,
    );
    if (amount !== undefined) {
      for (const sums of [all, ...groups.values()]) sums.amount = { sum: exactZero, counted: 0 };
      for (const row of totalsAt(db, amount, workflow))
        for (const sums of [all, groups.get(textOf(row, "job_type"))]) sums?.add(row);
    }
    return {
      ...all.figures(),
      byJobType: [...groups]
        .map(([jobType, sums]) => ({ jobType, ...sums.figures() }))
        .sort((a, b) => countOf(b) - countOf(a) || (a.jobType < b.jobType ? -1 : 1)),
      amounts: amountsOf(db, workflow),
    };
  });
}

function countOf({ undoing, left, failed }: OwedFigures): number {
  return undoing + left + failed;
}

function totalsAt(db: ReadDatabase, path: string, workflow: string | undefined): Row[] {
  const columns = "SELECT job_type, standing, n, sum FROM owed_totals WHERE path = ?";
  return workflow === undefined
    ? db.all(columns, path)
    : db.all(`${columns} AND workflow = ?`, path, workflow);
}

function oldestOf(db: ReadDatabase, jobType: string, workflow: string | undefined): number | undefined {
  const of = workflow === undefined ? "owed_by_type WHERE" : "owed_by_workflow WHERE workflow = ? AND";
  const sql = `SELECT min(since) AS at FROM owed INDEXED BY ${of} job_type = ? AND standing = ?`;
  const values = workflow === undefined ? [jobType] : [workflow, jobType];
  let oldest: number | undefined;
  for (const standing of owedStandings) {
    const row = db.get(sql, ...values, standing);
    if (row !== undefined && row.at !== null) oldest = earlier(oldest, numberOf(row, "at"));
  }
  return oldest;
}

function amountsOf(db: ReadDatabase, workflow: string | undefined): OwedTotals["amounts"] {
  const where = workflow === undefined ? "path <> ''" : "path <> '' AND workflow = ?";
  return db
    .all(
      `SELECT path, sum(n) AS counted FROM owed_totals WHERE ${where} GROUP BY path ORDER BY counted DESC, path LIMIT ${mostAmounts}`,
      ...(workflow === undefined ? [] : [workflow]),
    )
    .map((row) => ({ path: textOf(row, "path"), counted: numberOf(row, "counted") }));
}

function earlier(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}

class Sums {
  oldest: number | undefined;
  amount: { readonly sum: ExactNumber; readonly counted: number } | undefined;
  readonly #counts = { undoing: 0, left: 0, failed: 0 };

  count(row: Row): void {
    this.#counts[standingOf(textOf(row, "standing"))] += numberOf(row, "n");
  }

  add(row: Row): void {
    const { sum, counted } = this.amount ?? { sum: exactZero, counted: 0 };
    const more = exactOfText(textOf(row, "sum"));
    this.amount = { sum: exactSum(sum, more), counted: counted + numberOf(row, "n") };
  }

  figures(): OwedFigures {
    const { oldest, amount } = this;
    return {
      ...this.#counts,
      ...(oldest !== undefined && { oldest }),
      ...(amount !== undefined && { amount: { ...amount, sum: exactText(amount.sum) } }),
    };
  }
}
