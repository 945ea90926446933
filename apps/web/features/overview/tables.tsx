"use client";

import type { Comparison, Overview } from "@downbeat/api/views";
import { countDifference } from "@downbeat/domain";
import { clsx } from "clsx";
import Link from "next/link";
import type { JobsParams } from "@/app/[tenant]/[namespace]/jobs/search-params.ts";
import type { RunsParams } from "@/app/[tenant]/[namespace]/runs/search-params.ts";
import { type Column, DataTable } from "@/components/data-table.tsx";
import { formatDuration, formatRunningDuration } from "@/lib/duration.ts";
import { known } from "@/lib/known.ts";
import { formatCount, formatRate } from "@/lib/number.ts";
import { useNow } from "@/lib/use-now.ts";
import type { Routes } from "@/routes.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";

type Workflow = Overview["byWorkflow"][number];
type JobType = Overview["byJobType"][number];
type TopError = Overview["topErrors"][number];

const time = (ms: number | undefined) => (ms === undefined ? "–" : formatDuration(ms));

interface CountProps {
  readonly count: number;
  readonly href?: string;
  readonly tone?: string;
}

/** Zero is quiet: it is what one does not look for. */
function Count({ count, href, tone }: CountProps) {
  const look = count === 0 ? "text-ink-3" : (tone ?? "");
  if (href === undefined || count === 0) return <span className={look}>{formatCount(count)}</span>;
  return (
    <Link href={href} className={clsx("rounded hover:underline", look)}>
      {formatCount(count)}
    </Link>
  );
}

interface WorkflowTableProps {
  readonly rows: readonly Workflow[];
  readonly filter: Partial<RunsParams>;
  readonly comparison?: Comparison | undefined;
  /** Instead of its own. */
  readonly title?: string | undefined;
}

const noTotals = { started: 0, completed: 0, failed: 0, cancelled: 0 } as const;

export function WorkflowTable({ rows, filter, comparison, title }: WorkflowTableProps) {
  const routes = useRoutes();
  const of = (workflow: string) => ({ ...filter, workflow });
  const columns: readonly Column<Workflow>[] = [
    {
      name: "Workflow",
      cell: ({ workflow }) => (
        <Link
          href={routes.overview({
            ...(filter.range && { range: filter.range }),
            workflow,
            compare: comparison?.with,
          })}
          className="rounded hover:underline"
        >
          {workflow}
        </Link>
      ),
    },
    {
      name: "Started",
      isNumber: true,
      cell: ({ workflow, started }) => <Count count={started} href={routes.runs(of(workflow))} />,
    },
    ...(comparison === undefined ? [] : [earlierColumn(comparison, routes)]),
    {
      name: "Completed",
      isNumber: true,
      cell: ({ workflow, completed }) => (
        <Count
          count={completed}
          href={routes.runs({ ...of(workflow), by: "ended", status: ["completed"] })}
        />
      ),
    },
    {
      name: "Failed",
      isNumber: true,
      cell: ({ workflow, failed }) => (
        <Count
          count={failed}
          tone="text-failed"
          href={routes.runs({ ...of(workflow), by: "ended", status: ["failed"] })}
        />
      ),
    },
    {
      name: "Success",
      isNumber: true,
      meaning: "Completed of all that ended",
      cell: ({ successRate }) => (successRate === undefined ? "–" : formatRate(successRate)),
    },
    { name: "p50", isNumber: true, meaning: "Half completed within", cell: ({ p50 }) => time(p50) },
    { name: "p95", isNumber: true, meaning: "95 % completed within", cell: ({ p95 }) => time(p95) },
    { name: "p99", isNumber: true, meaning: "99 % completed within", cell: ({ p99 }) => time(p99) },
  ];
  // Those that only ran before are what a comparison is for.
  const gone = (comparison?.byWorkflow ?? [])
    .filter(({ workflow }) => !rows.some((row) => row.workflow === workflow))
    .map(({ workflow }): Workflow => ({ workflow, ...noTotals }));
  return (
    <DataTable
      title={title ?? "Workflows"}
      rows={[...rows, ...gone]}
      rowKey={({ workflow }) => workflow}
      columns={columns}
      empty="No workflow ran in this time."
    />
  );
}

function earlierColumn(comparison: Comparison, routes: Routes): Column<Workflow> {
  const { earlier, byWorkflow } = comparison;
  return {
    name: "Against before",
    isNumber: true,
    meaning: "Started runs beside those of the earlier period",
    cell: ({ workflow }) => {
      const found = byWorkflow.find((each) => each.workflow === workflow);
      const difference =
        found === undefined ? undefined : countDifference(found.current.started, found.earlier.started);
      if (difference === undefined) return "–";
      return (
        <Link
          href={routes.runs({ workflow, range: { type: "between", from: earlier.from, to: earlier.to } })}
          className="rounded text-ink-2 hover:underline"
          title="Open the earlier runs"
        >
          {difference.words}
        </Link>
      );
    },
  };
}

interface RowsProps<Row> {
  readonly rows: readonly Row[];
  /** What they count. */
  readonly filter: Pick<Partial<RunsParams>, "range" | "workflow">;
  /** Instead of its own. */
  readonly title?: string | undefined;
}

export function JobTypeTable({ rows, filter, title }: RowsProps<JobType>) {
  const routes = useRoutes();
  const jobs = (jobType: string, show: JobsParams["show"]) => routes.jobs({ ...filter, jobType, show });
  const now = useNow(1_000);
  const columns: readonly Column<JobType>[] = [
    { name: "Job type", cell: ({ jobType }) => jobType },
    {
      name: "Stuck now",
      isNumber: true,
      meaning: "Jobs that are out of attempts and wait for a person, now; a run may have several",
      cell: ({ open, jobType }) => (
        <Count count={open.stuck} tone="text-stuck font-strong" href={jobs(jobType, "stuck")} />
      ),
    },
    {
      name: "Waiting now",
      isNumber: true,
      meaning: "Jobs that no worker has begun, now",
      cell: ({ open, jobType }) => <Count count={open.waiting} href={jobs(jobType, "waiting")} />,
    },
    {
      name: "Oldest waits",
      isNumber: true,
      meaning: "How long the oldest of these has been waiting",
      cell: ({ open: { waitingSince } }) =>
        waitingSince === undefined ? "–" : formatRunningDuration(now - waitingSince),
    },
    {
      name: "Workers",
      isNumber: true,
      meaning: "Connected now",
      cell: ({ workers, open }) =>
        workers === undefined ? (
          "–"
        ) : (
          <span className={workers === 0 && open.waiting > 0 ? "text-stuck" : ""}>
            {formatCount(workers)}
          </span>
        ),
    },
    {
      name: "Got stuck",
      isNumber: true,
      meaning: "How often a job ran out of attempts in this period",
      cell: ({ stuck, jobType }) => <Count count={stuck} href={jobs(jobType, "gotStuck")} />,
    },
    {
      name: "Completed",
      isNumber: true,
      cell: ({ completed, jobType }) => <Count count={completed} href={jobs(jobType, "completed")} />,
    },
    {
      name: "Failed tries",
      isNumber: true,
      meaning: "Retried by the retry policy",
      cell: ({ failedAttempts, jobType }) => (
        <Count count={failedAttempts} tone="text-failed" href={jobs(jobType, "failedAttempts")} />
      ),
    },
    {
      name: "Refused",
      isNumber: true,
      meaning: "For a business reason",
      cell: ({ rejected, jobType }) => <Count count={rejected} href={jobs(jobType, "rejected")} />,
    },
    { name: "p50", isNumber: true, meaning: "Half completed within", cell: ({ p50 }) => time(p50) },
    { name: "p95", isNumber: true, meaning: "95 % completed within", cell: ({ p95 }) => time(p95) },
  ];
  return (
    <DataTable
      title={title ?? "Jobs"}
      rows={rows}
      rowKey={({ jobType }) => jobType}
      columns={columns}
      empty="No job was scheduled in this time, and none is open."
    />
  );
}

const kinds: Readonly<Record<TopError["kind"], string>> = {
  technical: "technical failure",
  business: "refused for a business reason",
  timeout: "ran out of time",
  invalid: "invalid data",
  cancelled: "cancelled",
  code: "error in the workflow code",
  nonDeterminism: "the code changed against its history",
};

export function ErrorTable({ rows, filter, title }: RowsProps<TopError>) {
  const routes = useRoutes();
  const columns: readonly Column<TopError>[] = [
    {
      name: "Error",
      cell: ({ name, kind }) => (
        <span title={`${name}: ${known(kinds, kind) ?? kind}`}>{name === "" ? "without a name" : name}</span>
      ),
    },
    { name: "Job type", cell: ({ jobType }) => <span className="text-ink-2">{jobType}</span> },
    {
      name: "Count",
      isNumber: true,
      meaning: "Attempts that ended with it",
      cell: ({ count, jobType, name, kind }) => (
        <Count count={count} href={routes.jobs({ ...filter, jobType, error: name, kind })} />
      ),
    },
  ];
  return (
    <DataTable
      title={title ?? "Most frequent errors"}
      rows={rows.slice(0, 10)}
      rowKey={({ jobType, name, kind }) => `${jobType} ${name} ${kind}`}
      columns={columns}
      empty="No attempt failed in this time."
    />
  );
}
