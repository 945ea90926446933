import { numberOf, textOf } from "../rows.ts";
import type { RemovedRow } from "../write/run-removal.ts";
import type { ReadDatabase } from "./database.ts";

/** Of a run that retention removed, as long as that is known and no other run has its id. */
export function removedRun(db: ReadDatabase, runId: string): RemovedRow | undefined {
  const row = db.get("SELECT workflow, status, ended_at FROM removed_runs WHERE run_id = ?", runId);
  if (row === undefined) return undefined;
  return {
    runId,
    workflow: textOf(row, "workflow"),
    status: textOf(row, "status"),
    endedAt: numberOf(row, "ended_at"),
  };
}
