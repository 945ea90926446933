import { failureWords } from "@downbeat/domain";
import type { z } from "zod";
import { ListOpenJobs, listOpenJobs } from "../../usecases/list-open-jobs.ts";
import type { OpenJobView } from "../../views.ts";
import { type Exportable, stamp } from "../exportable.ts";
import { pageSize } from "../page-size.ts";

export const jobsQuery = ListOpenJobs.unwrap().omit({ cursor: true, limit: true }).prefault({});

export const jobsExport: Exportable<z.infer<typeof jobsQuery>, OpenJobView> = {
  name: "jobs",
  about: ({ status = [], workflow = "", jobType = "", runId = "" }) => [...status, workflow, jobType, runId],
  columns: () => [
    { name: "run", of: ({ runId }) => runId },
    { name: "workflow", of: ({ workflow }) => workflow },
    { name: "job", of: ({ jobId }) => jobId },
    { name: "job type", of: ({ jobType }) => jobType },
    { name: "status", of: ({ status }) => status },
    { name: "since", of: ({ since }) => stamp(since) },
    { name: "attempt", of: ({ attempt }) => attempt },
    { name: "most attempts", of: ({ maxAttempts }) => maxAttempts },
    { name: "retry at", of: ({ retryAt }) => stamp(retryAt) },
    { name: "error", of: ({ failure }) => failure && failureWords(failure) },
  ],
  page(context, query, cursor) {
    const { jobs, ...page } = listOpenJobs(context, { ...query, cursor, limit: pageSize });
    return { ...page, rows: jobs };
  },
};
