/** The workflow that the server hosts for what is done to many runs at once, and the jobs that its code asks for: see decision 58. */
export const bulkWorkflow = "downbeat-bulk";

export const bulkJobs = {
  list: "downbeat-bulk-list",
  act: "downbeat-bulk-act",
  look: "downbeat-bulk-look",
} as const;
