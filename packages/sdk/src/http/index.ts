export { type HttpJob, httpJobs } from "./http-jobs.ts";
