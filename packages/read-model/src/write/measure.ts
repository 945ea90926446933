import type { Failure, RunEvent } from "@downbeat/domain";
import { damageFingerprint, fingerprint } from "../derive/fingerprint.ts";
import { damageError } from "../derive/wait.ts";
import type { Damage, Place, RunFold } from "../fold/run-fold.ts";
import type { JobRow } from "../views.ts";
import type { Figures } from "./figures.ts";
import type { CountedOutcome, JobOutcomes } from "./job-outcomes.ts";

/** Where what happened is counted, and where it is listed. */
export interface Measured {
  readonly figures: Figures;
  readonly outcomes: JobOutcomes;
}

/**
 * What an event adds to the charts, and to the rows that they open. A completed run took from its start to its end; a job from the request of the attempt that
 * ended it to that end, the wait for a worker included: both on the engine's clock alone.
 *
 * @param id number of the run
 */
export function measure(
  { figures, outcomes }: Measured,
  id: number,
  event: RunEvent,
  place: Place,
  run: RunFold,
): void {
  measureCauses(figures, event, place, run);
  const { at, seq } = place;
  const { workflow } = run;
  const list = (what: CountedOutcome["what"], jobType: string, more: Partial<CountedOutcome> = {}): void =>
    outcomes.add({ what, jobType, workflow, at, run: id, seq, ...more });
  const counted = (jobType: string, failure: Failure): Partial<CountedOutcome> => ({
    error: { name: figures.error(workflow, jobType, at, failure), kind: failure.kind },
  });
  switch (event.type) {
    case "RunStarted":
      return figures.run("started", workflow, at);
    case "RunCompleted":
      return figures.run("completed", workflow, at, at - run.startedAt);
    case "RunFailed":
      return figures.run("failed", workflow, at);
    case "RunCancelled":
    case "RunTerminated":
      return figures.run("cancelled", workflow, at);
    case "RunStuck":
      return list("code", "", counted("", event.failure));
    case "JobCompleted": {
      const row = jobRow(run, event.jobId);
      if (row === undefined) return;
      const requestedAt = row.attempts.find((attempt) => attempt.attempt === event.attempt)?.requestedAt;
      const tookMs = requestedAt === undefined ? undefined : at - requestedAt;
      list("completed", row.jobType, { tookMs });
      return figures.job("completed", workflow, row.jobType, at, tookMs);
    }
    case "AttemptFailed": {
      const jobType = jobRow(run, event.jobId)?.jobType ?? "";
      list("failedAttempts", jobType, counted(jobType, event.failure));
      return figures.job("failed_attempts", workflow, jobType, at);
    }
    case "JobRejected": {
      const jobType = jobRow(run, event.jobId)?.jobType ?? "";
      list("rejected", jobType, counted(jobType, event.failure));
      return figures.job("rejected", workflow, jobType, at);
    }
    case "JobStuck": {
      const jobType = jobRow(run, event.jobId)?.jobType ?? "";
      list("stuck", jobType);
      return figures.job("stuck", workflow, jobType, at);
    }
    default:
  }
}

/** What an event adds to the history of causes. */
export function measureCauses(figures: Figures, event: RunEvent, { at }: Place, run: RunFold): void {
  if (event.type === "RunStuck") figures.stopped(fingerprint(undefined, event.failure), at);
  if (event.type !== "JobStuck") return;
  figures.stopped(fingerprint(jobRow(run, event.jobId)?.jobType ?? "", event.failure), at);
}

/** That a run is set aside. */
export function measureDamage(figures: Figures, damage: Damage): void {
  if (!damage.isNewer) figures.stopped(damageFingerprint(damageError(damage)), damage.since);
}

function jobRow(run: RunFold, jobId: string): JobRow | undefined {
  const row = run.rows.get(jobId);
  return row?.kind === "job" ? row : undefined;
}
