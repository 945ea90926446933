import "../require-node.ts";

export { type HttpJob, httpJobs } from "./http-jobs.ts";
