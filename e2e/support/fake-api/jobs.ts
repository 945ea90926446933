import type { JobOutcomeList, JobOutcomeView, OpenJobList, OpenJobView } from "@downbeat/api/views";
import { z } from "zod";
import { pageOf } from "./page-of.ts";
import type { World } from "./world.ts";

const page = { cursor: z.string().nullish(), limit: z.number().default(50) };
export const openJobsInput = z
  .object({
    status: z.array(z.string()).optional(),
    workflow: z.string().optional(),
    jobType: z.string().optional(),
    ...page,
  })
  .default({ limit: 50 });
export const outcomesInput = z.object({
  of: z.object({
    what: z.string().optional(),
    error: z.string().optional(),
    kind: z.string().optional(),
    jobType: z.string().optional(),
  }),
  workflow: z.string().optional(),
  from: z.number().optional(),
  to: z.number().optional(),
  ...page,
});

/** Each is folded anew: of very many the newest are enough. */
const mostRuns = 150;

function jobsOf(world: World, isOpen: boolean) {
  return world
    .summaries()
    .filter(({ status }) => !isOpen || status === "running")
    .toSorted((one, other) => other.startedAt - one.startedAt)
    .slice(0, mostRuns)
    .flatMap(({ runId, workflow }) =>
      (world.fold(runId)?.rows ?? []).flatMap((row) =>
        row.kind === "job" ? [{ runId, workflow, row }] : [],
      ),
    );
}

const open = ["scheduled", "running", "backingOff", "stuck"] as const;

/** Those that have waited longest first. */
export function openJobsOf(
  world: World,
  asked: z.infer<typeof openJobsInput>,
): Omit<OpenJobList, "freshness"> {
  const all = jobsOf(world, true).flatMap(({ runId, workflow, row }): OpenJobView[] => {
    const status = open.find((one) => one === row.status);
    if (status === undefined || row.to !== undefined) return [];
    const job: OpenJobView = {
      runId,
      workflow,
      jobId: row.rowId,
      jobType: row.jobType,
      status,
      since: row.from,
      attempt: row.attempts.length,
      maxAttempts: row.maxAttempts,
      ...(row.failure !== undefined && { failure: row.failure }),
    };
    return [job];
  });
  const asks = ({ status, jobType, workflow }: OpenJobView): boolean =>
    (asked.status ?? [status]).includes(status) &&
    (asked.jobType ?? jobType) === jobType &&
    (asked.workflow ?? workflow) === workflow;
  const { items, ...rest } = pageOf(
    all.filter(asks).sort((a, b) => a.since - b.since),
    asked.cursor,
    asked.limit,
  );
  return { jobs: items, ...rest };
}

/** How each attempt of a job ended, and that none is left. */
function endsOf({ runId, workflow, row }: ReturnType<typeof jobsOf>[number]): JobOutcomeView[] {
  const base = { runId, workflow, jobType: row.jobType, jobId: row.rowId };
  const attempts = row.attempts.flatMap(({ endedAt: at, failure, outcome }, index): JobOutcomeView[] => {
    if (at === undefined) return [];
    const attempt = { ...base, at, seq: index + 1, attempt: index + 1 };
    if (outcome === "completed") return [{ ...attempt, what: "completed", tookMs: 1_240 }];
    if (failure === undefined) return [];
    return [{ ...attempt, what: outcome === "rejected" ? "rejected" : "failedAttempts", failure }];
  });
  const last = attempts.at(-1);
  return row.status === "stuck" && last !== undefined
    ? [...attempts, { ...last, what: "stuck", seq: last.seq + 1 }]
    : attempts;
}

/** The newest first. */
export function outcomesOf(
  world: World,
  asked: z.infer<typeof outcomesInput>,
): Omit<JobOutcomeList, "freshness"> {
  const { what, error, kind, jobType } = asked.of;
  const { from = 0, to = Number.POSITIVE_INFINITY } = asked;
  const asks = (one: JobOutcomeView): boolean =>
    one.at >= from &&
    one.at < to &&
    (jobType ?? one.jobType) === one.jobType &&
    (asked.workflow ?? one.workflow) === one.workflow &&
    (what === undefined
      ? one.what !== "stuck" && one.failure?.name === error && one.failure?.kind === kind
      : one.what === what);
  const all = jobsOf(world, false).flatMap(endsOf).filter(asks);
  const { items, ...rest } = pageOf(
    all.sort((a, b) => b.at - a.at),
    asked.cursor,
    asked.limit,
  );
  return { outcomes: items, ...rest };
}
