"use client";

import type { Overview } from "@downbeat/api/views";
import { ChartNoAxesColumn } from "lucide-react";
import Link from "next/link";
import { EmptyState } from "@/components/empty-state.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { Panel } from "@/components/panel.tsx";
import { RangePicker } from "@/components/range-picker.tsx";
import { CompareSelect } from "@/features/overview/compare-select.tsx";
import { ComparedPeriod } from "@/features/overview/compared-period.tsx";
import { DurationChart } from "@/features/overview/duration-chart.tsx";
import { EndedChart } from "@/features/overview/ended-chart.tsx";
import { countedRuns } from "@/features/overview/figure-facts.ts";
import { Figures } from "@/features/overview/figures.tsx";
import { MissingFigures } from "@/features/overview/missing-figures.tsx";
import { OverviewSkeleton } from "@/features/overview/overview-skeleton.tsx";
import { ErrorTable, JobTypeTable, WorkflowTable } from "@/features/overview/tables.tsx";
import { UncountedRuns } from "@/features/overview/uncounted-runs.tsx";
import { useCompareCommands } from "@/features/overview/use-compare-commands.ts";
import { useOverview } from "@/features/overview/use-overview.ts";
import { verdict } from "@/features/overview/verdict.ts";
import { WorkerTable } from "@/features/overview/worker-table.tsx";
import { WorkflowSelect } from "@/features/runs/workflow-select.tsx";
import { useSearchState } from "@/lib/use-search-state.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { PageHeader } from "@/shell/page-header.tsx";
import { useRangeCommands } from "@/shell/use-range-commands.ts";
import { type OverviewParams, parseOverviewParams, serializeOverviewParams } from "./search-params.ts";

const urlState = { parse: parseOverviewParams, serialize: serializeOverviewParams };

/** Are we fine? */
export function OverviewClient() {
  const [params, change] = useSearchState<OverviewParams>(urlState);
  const { data, error, refetch } = useOverview(params);
  useRangeCommands(params.range, (range) => change({ range }));
  useCompareCommands(params.compare, (compare) => change({ compare }));
  return (
    <>
      <PageHeader title="Overview">
        <WorkflowSelect value={params.workflow} onChange={(workflow) => change({ workflow })} />
        <CompareSelect value={params.compare} onChange={(compare) => change({ compare })} />
        <RangePicker range={params.range} onChange={(range) => change({ range })} />
      </PageHeader>
      <div className="min-h-0 flex-1 overflow-y-auto px-6 max-[700px]:px-3 pb-6">
        {data !== undefined ? (
          <Content overview={data} workflow={params.workflow} />
        ) : error === null ? (
          <OverviewSkeleton />
        ) : (
          <ErrorState what="the figures" error={error} onRetry={refetch} />
        )}
      </div>
    </>
  );
}

function Content({ overview, workflow }: { overview: Overview; workflow: string | undefined }) {
  const routes = useRoutes();
  const { totals, open, buckets, bucketMs, byWorkflow, byJobType, topErrors } = overview;
  const { text, needsPerson } = verdict(overview);
  const from = buckets[0]?.at;
  const { countedFrom } = overview.freshness;
  const filter = countedRuns(overview, workflow);
  const isEmpty = totals.started + totals.completed + totals.failed + totals.cancelled === 0;
  return (
    <div className="fade-in flex flex-col gap-4">
      <p className="-mt-1">
        {text}{" "}
        {needsPerson ? (
          <Link href={routes.attention()} className="rounded font-strong text-stuck hover:underline">
            See what to do
          </Link>
        ) : null}
      </p>
      {overview.missing === undefined ? null : <MissingFigures missing={overview.missing} />}
      {countedFrom === undefined || from === undefined || from >= countedFrom ? null : (
        <UncountedRuns upTo={countedFrom} />
      )}
      <Panel what="The figures" of={overview}>
        <Figures overview={overview} filter={filter} />
        {overview.comparison === undefined ? null : (
          <ComparedPeriod comparison={overview.comparison} countedFrom={countedFrom} />
        )}
      </Panel>
      {isEmpty && open.running + open.waiting + open.stuck === 0 ? (
        <EmptyState icon={ChartNoAxesColumn} title="Nothing happened in this time">
          As soon as runs start and end, their numbers, success and durations are shown here.
        </EmptyState>
      ) : (
        <>
          <div className="grid gap-4 xl:grid-cols-2">
            <Panel what="The chart of runs" of={overview}>
              <EndedChart
                buckets={buckets}
                bucketMs={bucketMs}
                workflow={workflow}
                completeTo={overview.freshness.completeTo}
              />
            </Panel>
            <Panel what="The chart of durations" of={overview}>
              <DurationChart buckets={buckets} bucketMs={bucketMs} workflow={workflow} />
            </Panel>
          </div>
          <Panel what="The table of jobs" of={overview}>
            <JobTypeTable rows={byJobType} filter={filter} />
          </Panel>
          <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
            <Panel what="The table of workflows" of={overview}>
              <WorkflowTable rows={byWorkflow} filter={filter} comparison={overview.comparison} />
            </Panel>
            <Panel what="The table of errors" of={overview}>
              <ErrorTable rows={topErrors} filter={filter} />
            </Panel>
          </div>
        </>
      )}
      <Panel what="The table of workers" of={overview}>
        <WorkerTable />
      </Panel>
    </div>
  );
}
