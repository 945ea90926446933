import { bulkJobs, bulkWorkflow } from "@downbeat/protocol";

export { bulkJobs, bulkWorkflow };

/** The signal by which a person pauses, resumes or stops a bulk action. */
export const steerSignal = "steer";

export function isBuiltIn(workflow: string): boolean {
  return workflow === bulkWorkflow;
}

export function isBuiltInJob(jobType: string): boolean {
  return Object.values<string>(bulkJobs).includes(jobType);
}
