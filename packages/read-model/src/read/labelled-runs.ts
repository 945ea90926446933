import { foldedLabel } from "@downbeat/domain";
import { openStatuses, shownStatuses } from "../derive/shown-status.ts";
import { numberOf } from "../rows.ts";
import type { RunSummary } from "../views.ts";
import type { ReadDatabase } from "./database.ts";
import { summariesByNumber } from "./summaries.ts";

export interface OpenLabelled {
  readonly workflow: string;
  readonly key: string;
  readonly value: string;
}

const open = openStatuses.map((status) => shownStatuses.indexOf(status));

/** Open runs of the workflow with the label, oldest first. For a workflow that has few at a time: each of its open runs is looked at. */
export function openRunsLabelled(
  db: ReadDatabase,
  { workflow, key, value }: OpenLabelled,
  now: number,
): RunSummary[] {
  const rows = db.all(
    `SELECT r.id FROM runs r INDEXED BY runs_by_workflow
     WHERE r.workflow = ? AND r.shown IN (${open.join(", ")})
       AND EXISTS (SELECT 1 FROM labels l WHERE l.key = ? AND l.folded = ? AND l.run = r.id)
     ORDER BY r.id`,
    workflow,
    key,
    foldedLabel(value),
  );
  return summariesByNumber(
    db,
    rows.map((row) => numberOf(row, "id")),
    now,
  );
}
