import type { RunEvent } from "@downbeat/domain";
import type { LedgerEntry, RunSummary } from "../views.ts";
import type { RunFold } from "./run-fold.ts";

/** A registered undo and how far it has come. */
export interface Compensation {
  readonly compensationId: string;
  readonly jobType: string;
  readonly undoes?: string;
  readonly job: "none" | "open" | "completed" | "over";
}

export function foldCompensation(run: RunFold, event: RunEvent): void {
  switch (event.type) {
    case "CompensationRegistered": {
      const { compensationId, jobType, undoes } = event;
      const entry = {
        compensationId,
        jobType,
        job: "none",
        ...(undoes !== undefined && { undoes }),
      } as const;
      run.compensations.set(compensationId, entry);
      return;
    }
    case "JobScheduled":
      return become(run, event.compensationId, "open");
    case "JobCompleted":
      return become(run, compensationOf(run, event.jobId), "completed");
    case "JobRejected":
    case "JobFailed":
    case "JobCancelled":
      return become(run, compensationOf(run, event.jobId), "over");
    default:
  }
}

function compensationOf(run: RunFold, jobId: string): string | undefined {
  const row = run.rows.get(jobId);
  return row?.kind === "job" ? row.compensationId : undefined;
}

function become(run: RunFold, compensationId: string | undefined, job: Compensation["job"]): void {
  if (compensationId === undefined) return;
  const entry = run.compensations.get(compensationId);
  if (entry !== undefined) run.compensations.set(compensationId, { ...entry, job });
}

/** What is done, undone, undone in vain, and still owed. */
export function ledgerOf(run: RunFold): LedgerEntry[] {
  return Array.from(run.compensations.values(), ({ compensationId, jobType, undoes, job }) => ({
    compensationId,
    jobType,
    ...(undoes !== undefined && { undoes }),
    status: statusOf(run, job),
  }));
}

function statusOf(run: RunFold, job: Compensation["job"]): LedgerEntry["status"] {
  switch (job) {
    case "completed":
      return "undone";
    case "over":
      return "undoFailed";
    case "open":
      return run.status === "running" ? "undoing" : "owed";
    case "none":
      return isUndoing(run) ? "owed" : "registered";
  }
}

function isUndoing(run: RunFold): boolean {
  return run.status === "running" ? run.closing !== undefined : run.status !== "completed";
}

/** For the summary; `undefined` where nothing is to be undone. */
export function compensationCounts(run: RunFold): RunSummary["compensations"] {
  if (!isUndoing(run)) return undefined;
  const counts = { undone: 0, owed: 0, failed: 0 };
  for (const { job } of run.compensations.values()) {
    const status = statusOf(run, job);
    if (status === "undone") counts.undone++;
    else if (status === "undoFailed") counts.failed++;
    else counts.owed++;
  }
  return run.compensations.size > 0 ? counts : undefined;
}
