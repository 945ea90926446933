import type { JobsParams } from "../../app/[tenant]/[namespace]/jobs/search-params.ts";

/** What the list has a line for each of. */
export function countedAs({ show, error }: JobsParams): string {
  if (error !== undefined) return "error";
  return show === "failedAttempts" ? "attempt" : "job";
}

/** As the table of jobs on the Overview says it. */
export const showWords: Readonly<Record<JobsParams["show"], { word: string; meaning: string }>> = {
  stuck: { word: "Stuck", meaning: "Out of attempts: they wait for a person" },
  waiting: { word: "Waiting", meaning: "No worker has begun them" },
  running: { word: "Running", meaning: "A worker is carrying them out" },
  backingOff: { word: "Backing off", meaning: "They wait for their next attempt" },
  gotStuck: { word: "Got stuck", meaning: "Ran out of attempts" },
  failedAttempts: { word: "Failed tries", meaning: "Attempts that failed" },
  rejected: { word: "Refused", meaning: "For a business reason" },
  completed: { word: "Completed", meaning: "Ended with a result" },
};
