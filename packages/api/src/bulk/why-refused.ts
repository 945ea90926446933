import type { BulkVerb, OpenJobView, RunSummary } from "../views.ts";
import { isOfJobs } from "./order.ts";

/** What a target would answer as it is now, in a sentence; nothing where it would take it. */
export function whyRefused(
  verb: BulkVerb,
  run: RunSummary | undefined,
  job: Pick<OpenJobView, "status"> | undefined,
): string | undefined {
  if (run === undefined) return "There is no such run.";
  if (verb === "runAgain") return undefined;
  if (verb === "repairRun") return run.damaged === undefined ? "Its history is whole." : undefined;
  if (run.damaged !== undefined && verb !== "terminateRun")
    return "Its history is damaged: repair the run first.";
  if (run.status !== "running") return "The run is over.";
  if (verb === "cancelRun" && run.closing !== undefined) return "The run is being undone already.";
  if (verb === "resumeRun" && run.shown !== "stuck") return "The run’s code is not stuck.";
  if (!isOfJobs(verb)) return undefined;
  if (job === undefined) return "The job is over.";
  return verb === "retryJob" && job.status !== "stuck" ? "The job is not stuck." : undefined;
}
