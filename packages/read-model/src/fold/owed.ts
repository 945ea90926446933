import type { Failure } from "@downbeat/domain";
import type { OwedStanding } from "../views.ts";
import { isUndoing } from "./compensation.ts";
import type { RunFold } from "./run-fold.ts";

/** What should have been undone, and is not. */
export interface Owed {
  readonly compensationId: string;
  readonly jobType: string;
  readonly standing: OwedStanding;
  /** Since when it stands so, ms since the epoch. */
  readonly since: number;
  /** The row of the timeline that tells most of it; empty where there is none. */
  readonly rowId: string;
  /** The job that it undoes. */
  readonly undoes: string | undefined;
  readonly failure: Failure | undefined;
}

const none: readonly Owed[] = [];

/** A run that completed owes nothing, nor does one that goes on as it should. */
export function owedOf(run: RunFold): readonly Owed[] {
  if (run.compensations.size === 0 || !isUndoing(run)) return none;
  const isOver = run.status !== "running";
  const owed: Owed[] = [];
  for (const {
    compensationId,
    jobType,
    undoes,
    job,
    undoJobId,
    endedAt,
    failure,
  } of run.compensations.values()) {
    if (job === "completed") continue;
    const isFailed = job === "over";
    owed.push({
      compensationId,
      jobType,
      standing: isFailed ? "failed" : isOver ? "left" : "undoing",
      since: (isFailed ? endedAt : isOver ? run.endedAt : run.closingSince) ?? run.updatedAt,
      rowId: undoJobId ?? undoes ?? "",
      undoes,
      failure,
    });
  }
  return owed;
}
