"use client";

import { Hammer, SearchX } from "lucide-react";
import Link from "next/link";
import { Button } from "@/components/button.tsx";
import { EmptyState } from "@/components/empty-state.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { Panel } from "@/components/panel.tsx";
import { RangePicker } from "@/components/range-picker.tsx";
import { StaleLine } from "@/components/stale-line.tsx";
import { ExportMenu } from "@/features/exports/export-menu.tsx";
import { JobSkeleton, JobTable } from "@/features/jobs/job-table.tsx";
import { ShowFilter } from "@/features/jobs/show-filter.tsx";
import { countedAs } from "@/features/jobs/show-words.ts";
import { useJobs } from "@/features/jobs/use-jobs.ts";
import { WorkflowSelect } from "@/features/runs/workflow-select.tsx";
import { JobTypeSelect } from "@/features/timers/job-type-select.tsx";
import { formatDayAndClock } from "@/lib/absolute-time.ts";
import { plural } from "@/lib/number.ts";
import { useSearchState } from "@/lib/use-search-state.ts";
import { useCommands } from "@/shell/commands-provider.tsx";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { PageHeader } from "@/shell/page-header.tsx";
import { useRangeCommands } from "@/shell/use-range-commands.ts";
import {
  isOfPeriod,
  type JobsParams,
  openQueryOf,
  parseJobsParams,
  serializeJobsParams,
} from "./search-params.ts";

const urlState = { parse: parseJobsParams, serialize: serializeJobsParams };
const unnarrowed = { jobType: undefined, workflow: undefined, error: undefined, kind: undefined } as const;

const isNarrowedBy = ({ jobType, workflow, error }: JobsParams): boolean =>
  [jobType, workflow, error].some((each) => each !== undefined);

/** Which jobs a figure of jobs or of errors counts. */
export function JobsClient() {
  const [params, change] = useSearchState<JobsParams>(urlState);
  const routes = useRoutes();
  const { query, lines, head, wholeFrom, onMore } = useJobs(params);
  const ofPeriod = isOfPeriod(params);
  const isNarrowed = isNarrowedBy(params);
  const clear = () => change(unnarrowed);
  const timeName = ofPeriod ? "At" : "Since";
  useCommands([{ id: "clear", label: "Clear the filters", group: "This page", keys: "c", run: clear }]);
  useRangeCommands(params.range, (range) => change({ range }), {
    allowAll: true,
    refusal: ofPeriod ? undefined : "Open jobs are shown as they are now.",
  });
  return (
    <>
      <PageHeader
        title="Jobs"
        detail={
          head === undefined
            ? undefined
            : `${head.countIsLowerBound ? "more than " : ""}${plural(head.count, countedAs(params))}`
        }
      >
        {ofPeriod ? null : (
          <ExportMenu
            title="Jobs"
            ask={(format) => ({ list: "jobs", query: openQueryOf(params), format })}
            refusal={head?.count === 0 ? "No such job." : undefined}
          />
        )}
      </PageHeader>
      <div className="flex flex-wrap items-center gap-2 px-6 pb-2 max-[700px]:px-3">
        <WorkflowSelect value={params.workflow} onChange={(workflow) => change({ workflow })} />
        <JobTypeSelect
          value={params.jobType}
          onChange={(jobType) => change({ jobType })}
          allowCode={params.error !== undefined}
        />
        {ofPeriod ? (
          <RangePicker allowAll range={params.range} onChange={(range) => change({ range })} />
        ) : null}
      </div>
      <div className="flex flex-wrap items-center gap-2 px-5 pb-2 max-[700px]:px-2">
        <ShowFilter params={params} onChange={change} />
        {isNarrowed ? (
          <Button look="quiet" size="small" onClick={clear}>
            Clear the filters
          </Button>
        ) : null}
        {params.show === "stuck" && !ofPeriod && lines.length > 0 ? (
          <Link href={routes.attention()} className="rounded text-accent hover:underline">
            Retry them on Attention
          </Link>
        ) : null}
      </div>
      {wholeFrom === undefined ? null : (
        <p role="status" className="px-6 pb-2 text-ink-3 text-small max-[700px]:px-3">
          Listed from {formatDayAndClock(wholeFrom)} on: what happened before is counted in the figures.
        </p>
      )}
      <div className="flex min-h-0 flex-1 flex-col border-line border-t bg-surface">
        {query.isPending ? (
          <JobSkeleton timeName={timeName} />
        ) : query.isError && lines.length === 0 ? (
          <ErrorState what="the jobs" error={query.error} onRetry={() => query.refetch()} />
        ) : lines.length > 0 ? (
          <Panel what="The list of jobs" of={lines}>
            <StaleLine query={query} className="px-5 max-[700px]:px-2" />
            <JobTable
              lines={lines}
              total={head?.count ?? lines.length}
              hasMore={query.hasNextPage}
              onMore={onMore}
              timeName={timeName}
            />
          </Panel>
        ) : isNarrowed ? (
          <EmptyState icon={SearchX} title="No job matches these filters">
            <Button onClick={clear}>Clear the filters</Button>
          </EmptyState>
        ) : (
          <EmptyState icon={Hammer} title="No such jobs">
            {ofPeriod
              ? "What ended jobs and their attempts in the period is listed here, the newest first."
              : "Jobs of open runs are listed here by what they wait for, the oldest first."}
          </EmptyState>
        )}
      </div>
    </>
  );
}
