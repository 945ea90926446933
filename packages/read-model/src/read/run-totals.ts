import { LatencySketch } from "../latency-sketch.ts";
import { bytesOf, numberOf, type Row } from "../rows.ts";
import type { Overview, OverviewTotals } from "../views.ts";
import { listWorkflows } from "./counts.ts";
import type { ReadDatabase } from "./database.ts";
import { pieces } from "./pieces.ts";

export class RunTotals {
  started = 0;
  completed = 0;
  failed = 0;
  cancelled = 0;
  readonly durations = new LatencySketch();

  add(row: Row): void {
    this.started += numberOf(row, "started");
    this.completed += numberOf(row, "completed");
    this.failed += numberOf(row, "failed");
    this.cancelled += numberOf(row, "cancelled");
    this.durations.mergeEncoded(bytesOf(row, "durations"));
  }

  get view(): OverviewTotals {
    const { started, completed, failed, cancelled } = this;
    const ended = completed + failed + cancelled;
    return {
      started,
      completed,
      failed,
      cancelled,
      ...(ended > 0 && { successRate: completed / ended }),
      ...percentiles(this.durations),
    };
  }
}

/** Of whole minutes. `workflow` '': all of them together. */
export function totalsOf(db: ReadDatabase, workflow: string, from: number, to: number): OverviewTotals {
  const totals = new RunTotals();
  for (const { span, from: start, to: end } of pieces(from, to)) {
    const rows = db.all(
      `SELECT started, completed, failed, cancelled, durations FROM run_figures
       WHERE span = ? AND workflow = ? AND at >= ? AND at < ?`,
      span,
      workflow,
      start,
      end,
    );
    for (const row of rows) totals.add(row);
  }
  return totals.view;
}

/** The one that is asked for, or all. */
export function workflowsOf(db: ReadDatabase, workflow: string | undefined): readonly string[] {
  return workflow === undefined ? listWorkflows(db).map((known) => known.workflow) : [workflow];
}

export function totalsByWorkflow(
  db: ReadDatabase,
  workflow: string | undefined,
  from: number,
  to: number,
): Pick<Overview, "totals" | "byWorkflow"> {
  const byWorkflow = workflowsOf(db, workflow)
    .map((name) => ({ workflow: name, ...totalsOf(db, name, from, to) }))
    .filter((totals) => isAny(totals));
  byWorkflow.sort((a, b) => b.started - a.started || a.workflow.localeCompare(b.workflow));
  return { totals: totalsOf(db, workflow ?? "", from, to), byWorkflow };
}

export function isAny({ started, completed, failed, cancelled }: OverviewTotals): boolean {
  return started + completed + failed + cancelled > 0;
}

export function percentiles(durations: LatencySketch): { p50?: number; p95?: number; p99?: number } {
  const [p50, p95, p99] = [durations.quantile(0.5), durations.quantile(0.95), durations.quantile(0.99)];
  if (p50 === undefined || p95 === undefined || p99 === undefined) return {};
  return { p50, p95, p99 };
}
