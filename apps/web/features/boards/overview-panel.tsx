"use client";

import type { Overview } from "@downbeat/api/views";
import { DurationChart } from "@/features/overview/duration-chart.tsx";
import { EndedChart } from "@/features/overview/ended-chart.tsx";
import { countedRuns, figureFacts } from "@/features/overview/figure-facts.ts";
import { Figure } from "@/features/overview/figures.tsx";
import { ErrorTable, JobTypeTable, WorkflowTable } from "@/features/overview/tables.tsx";
import { useOverview } from "@/features/overview/use-overview.ts";
import type { TimeRange } from "@/lib/time-range.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { type OverviewPanelOf, overviewParamsOf } from "./panel-question.ts";
import { PanelSkeleton, PanelTrouble } from "./panel-trouble.tsx";

interface OverviewPanelProps {
  readonly panel: OverviewPanelOf;
  readonly range: TimeRange;
  readonly title: string;
}

/** Something of the Overview, asked for as that page does: panels and page agree, and those that ask alike share the answer. */
export function OverviewPanel({ panel, range, title }: OverviewPanelProps) {
  const { data, error, refetch } = useOverview(overviewParamsOf(panel, range));
  if (data !== undefined) return <Shown panel={panel} overview={data} title={title} />;
  if (error === null) return <PanelSkeleton title={title} />;
  return <PanelTrouble title={title} error={error} onRetry={() => void refetch()} />;
}

interface ShownProps {
  readonly panel: OverviewPanelOf;
  readonly overview: Overview;
  readonly title: string;
}

function Shown({ panel, overview, title }: ShownProps) {
  const routes = useRoutes();
  const { workflow } = panel;
  const { buckets, bucketMs, freshness, byWorkflow, byJobType, topErrors } = overview;
  const filter = countedRuns(overview, workflow);
  if (panel.kind === "figure") {
    const facts = figureFacts(overview, filter, routes)[panel.figure];
    return (
      <dl className="h-full">
        <Figure facts={{ ...facts, name: title }} className="h-full" />
      </dl>
    );
  }
  if (panel.kind === "series")
    return panel.series === "ended" ? (
      <EndedChart {...{ buckets, bucketMs, workflow, title }} completeTo={freshness.completeTo} />
    ) : (
      <DurationChart {...{ buckets, bucketMs, workflow, title }} />
    );
  switch (panel.table) {
    case "workflows":
      return <WorkflowTable rows={byWorkflow} filter={filter} title={title} />;
    case "jobs":
      return <JobTypeTable rows={byJobType} filter={filter} title={title} />;
    case "errors":
      return <ErrorTable rows={topErrors} filter={filter} title={title} />;
  }
}
