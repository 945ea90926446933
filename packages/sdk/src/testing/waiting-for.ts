import { type OpenJob, type OpenRun, openJobs, openTimer, openTimers, openWaits } from "@downbeat/domain";
import { iso } from "./shown-history.ts";

/** What the run waits for, one thing a text, such as `the signal approval until 2026-01-07T09:00:00.000Z`. */
export function waitingFor(run: OpenRun): string[] {
  const signals = openWaits(run).map(({ name, timerId }) => {
    const dueAt = timerId === undefined ? undefined : openTimer(run, timerId)?.dueAt;
    return `the signal ${name}${dueAt === undefined ? "" : ` until ${iso(dueAt)}`}`;
  });
  const sleeps = openTimers(run).flatMap(({ dueAt, waitId }) =>
    waitId === undefined ? [`time to pass until ${iso(dueAt)}`] : [],
  );
  return [...openJobs(run).map(jobWords), ...sleeps, ...signals];
}

function jobWords(job: OpenJob): string {
  switch (job.status) {
    case "scheduled":
      return `the job ${job.jobType}, whose attempt ${job.attempt} nobody has begun`;
    case "running":
      return `the job ${job.jobType}, whose attempt ${job.attempt} is under way`;
    case "backingOff":
      return `the job ${job.jobType}, which is tried again at ${iso(job.retryAt)}`;
    case "stuck":
      return `the job ${job.jobType}, which is stuck`;
  }
}
