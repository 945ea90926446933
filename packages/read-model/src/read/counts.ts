import { shownStatuses, zeroCounts } from "../derive/shown-status.ts";
import { numberOf, shownOf, textOf } from "../rows.ts";
import type { ShownStatus, WorkflowList } from "../views.ts";
import type { ReadDatabase } from "./database.ts";

export type Counts = Record<ShownStatus, number>;

/** Exact: kept up with every change. */
export function countRuns(db: ReadDatabase, workflow?: string): Counts {
  const counts = zeroCounts();
  const rows =
    workflow === undefined
      ? db.all("SELECT shown, sum(n) AS n FROM counters GROUP BY shown")
      : db.all("SELECT shown, n FROM counters WHERE workflow = ?", workflow);
  for (const row of rows) counts[shownOf(row)] = numberOf(row, "n");
  return counts;
}

export function total(counts: Readonly<Counts>, statuses: readonly ShownStatus[] = shownStatuses): number {
  return statuses.reduce((sum, status) => sum + counts[status], 0);
}

export function listWorkflows(db: ReadDatabase): WorkflowList["workflows"] {
  const workflows = new Map<string, Counts>();
  for (const row of db.all("SELECT workflow, shown, n FROM counters ORDER BY workflow")) {
    const workflow = textOf(row, "workflow");
    let counts = workflows.get(workflow);
    if (counts === undefined) workflows.set(workflow, (counts = zeroCounts()));
    counts[shownOf(row)] = numberOf(row, "n");
  }
  return Array.from(workflows, ([workflow, counts]) => ({ workflow, counts }));
}
