import type { JobOutcomeView, OpenJobView } from "@downbeat/api/views";
import { failureWords } from "@downbeat/domain";
import { formatDuration } from "../../lib/duration.ts";

/** A row of the table, whichever list it is of. */
export interface JobLine {
  readonly key: string;
  readonly at: number;
  readonly runId: string;
  /** Of the run's timeline. */
  readonly rowId?: string;
  readonly workflow: string;
  /** Empty for what the code of the run did. */
  readonly jobType: string;
  readonly text: string;
  /** Failed or stuck. */
  readonly isTrouble: boolean;
}

export function lineOfOpen(job: OpenJobView): JobLine {
  const { runId, jobId, jobType, workflow, since, attempt, maxAttempts, failure, status } = job;
  const attempts = attempt === 0 ? "" : `attempt ${attempt} of ${maxAttempts}`;
  const failed = failure === undefined ? "" : failureWords(failure);
  return {
    key: `${runId} ${jobId}`,
    at: since,
    runId,
    rowId: jobId,
    workflow,
    jobType,
    text: [attempts, failed].filter((part) => part !== "").join(", "),
    isTrouble: status === "stuck",
  };
}

export function lineOfOutcome(outcome: JobOutcomeView): JobLine {
  const { runId, jobId, jobType, workflow, at, seq, attempt, tookMs, failure, what } = outcome;
  const parts = [
    ...(attempt === undefined ? [] : [`attempt ${attempt}`]),
    ...(tookMs === undefined ? [] : [`took ${formatDuration(tookMs)}`]),
    ...(failure === undefined ? [] : [failureWords(failure)]),
  ];
  return {
    key: `${runId} ${seq}`,
    at,
    runId,
    ...(jobId !== undefined && { rowId: jobId }),
    workflow,
    jobType,
    text: parts.join(", "),
    isTrouble: what === "stuck" || what === "code",
  };
}
