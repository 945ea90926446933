import type { Failure, RunEvent } from "@downbeat/domain";
import type { LedgerEntry, RunSummary } from "../views.ts";
import type { Place, RunFold } from "./run-fold.ts";

/** A registered undo and how far it has come. Times are ms since the epoch. */
export interface Compensation {
  readonly compensationId: string;
  readonly jobType: string;
  readonly undoes?: string;
  readonly registeredAt: number;
  readonly job: "none" | "open" | "completed" | "over";
  /** Of the job that carries it out. */
  readonly undoJobId?: string;
  readonly beganAt?: number;
  readonly endedAt?: number;
  /** Why it was not undone. */
  readonly failure?: Failure;
}

export function foldCompensation(run: RunFold, event: RunEvent, { at }: Place): void {
  switch (event.type) {
    case "CompensationRegistered": {
      const { compensationId, jobType, undoes } = event;
      const entry = {
        compensationId,
        jobType,
        registeredAt: at,
        job: "none",
        ...(undoes !== undefined && { undoes }),
      } as const;
      run.compensations.set(compensationId, entry);
      return;
    }
    case "JobScheduled":
      return become(run, event.compensationId, { job: "open", undoJobId: event.jobId, beganAt: at });
    case "JobCompleted":
      return become(run, compensationOf(run, event.jobId), { job: "completed", endedAt: at });
    case "JobRejected":
    case "JobFailed": {
      const { failure } = event;
      return become(run, compensationOf(run, event.jobId), { job: "over", endedAt: at, failure });
    }
    case "JobCancelled":
      return become(run, compensationOf(run, event.jobId), { job: "over", endedAt: at });
    default:
  }
}

function compensationOf(run: RunFold, jobId: string): string | undefined {
  const row = run.rows.get(jobId);
  return row?.kind === "job" ? row.compensationId : undefined;
}

function become(run: RunFold, compensationId: string | undefined, change: Partial<Compensation>): void {
  if (compensationId === undefined) return;
  const entry = run.compensations.get(compensationId);
  if (entry !== undefined) run.compensations.set(compensationId, { ...entry, ...change });
}

/** What is done, undone, undone in vain, and still owed. Of a fold that has all of its rows. */
export function ledgerOf(run: RunFold): LedgerEntry[] {
  return Array.from(run.compensations.values(), (compensation) => {
    const { job, ...entry } = compensation;
    const done = entry.undoes === undefined ? undefined : run.rows.get(entry.undoes);
    return {
      ...entry,
      ...(done?.kind === "job" && { doneType: done.jobType }),
      ...(done?.kind === "job" && done.status === "completed" && { doneAt: done.to }),
      status: statusOf(run, job),
    };
  });
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

/** The run ends, or has ended, in a way in which what was done is to be undone. */
export function isUndoing(run: RunFold): boolean {
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
