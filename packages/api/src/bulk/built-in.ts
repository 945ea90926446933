/** Hosted by the server itself: see decision 58. */
export const bulkWorkflow = "downbeat-bulk";

/** What its code asks the server to do. */
export const bulkJobs = {
  list: "downbeat-bulk-list",
  act: "downbeat-bulk-act",
  look: "downbeat-bulk-look",
} as const;

/** The signal by which a person pauses, resumes or stops a bulk action. */
export const steerSignal = "steer";

export function isBuiltIn(workflow: string): boolean {
  return workflow === bulkWorkflow;
}

export function isBuiltInJob(jobType: string): boolean {
  return Object.values<string>(bulkJobs).includes(jobType);
}
