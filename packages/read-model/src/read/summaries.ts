import { summaryOf } from "../derive/summary.ts";
import { jsonOf, numberOf, optionalNumber, type Row, type RunDetails, shownOf, textOf } from "../rows.ts";
import type { RunSummary } from "../views.ts";
import type { ReadDatabase } from "./database.ts";

const columns = `
  r.id, r.run_id, r.partition, r.workflow, r.shown, r.started_at, r.ended_at, r.updated_at, r.seq, d.json
  FROM runs r JOIN run_details d ON d.id = r.id`;

/** In the order of the ids; what doesn't exist is left out. */
export function summariesByNumber(db: ReadDatabase, ids: readonly number[], now: number): RunSummary[] {
  const summaries: RunSummary[] = [];
  for (const id of ids) {
    const row = db.get(`SELECT ${columns} WHERE r.id = ?`, id);
    if (row !== undefined) summaries.push(summaryOfRow(row, now));
  }
  return summaries;
}

export function summaryOfRun(db: ReadDatabase, runId: string, now: number): RunSummary | undefined {
  const row = db.get(`SELECT ${columns} WHERE r.run_id = ?`, runId);
  return row === undefined ? undefined : summaryOfRow(row, now);
}

function summaryOfRow(row: Row, now: number): RunSummary {
  const basics = {
    runId: textOf(row, "run_id"),
    workflow: textOf(row, "workflow"),
    shown: shownOf(row),
    startedAt: numberOf(row, "started_at"),
    endedAt: optionalNumber(row, "ended_at"),
    updatedAt: numberOf(row, "updated_at"),
    seq: numberOf(row, "seq"),
    partition: numberOf(row, "partition"),
  };
  return summaryOf(basics, jsonOf<RunDetails>(row), now);
}
