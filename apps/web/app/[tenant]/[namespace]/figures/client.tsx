"use client";

import { beginsWords, numberWords, removedWords } from "@downbeat/api/figure-words";
import type { BreakDown } from "@downbeat/api/views";
import { ChartColumnStacked } from "lucide-react";
import { EmptyState } from "@/components/empty-state.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { Panel } from "@/components/panel.tsx";
import { RangePicker } from "@/components/range-picker.tsx";
import { BreakDownControls } from "@/features/figures/break-down-controls.tsx";
import { DurationMap } from "@/features/figures/duration-map.tsx";
import { ExtremeTable } from "@/features/figures/extreme-table.tsx";
import { GroupTable } from "@/features/figures/group-table.tsx";
import { LabelFilter } from "@/features/figures/label-filter.tsx";
import { MeasureChart } from "@/features/figures/measure-chart.tsx";
import { measureSentence } from "@/features/figures/measure-sentence.ts";
import { useBreakDown } from "@/features/figures/use-break-down.ts";
import { GoalPanel } from "@/features/goals/goal-panel.tsx";
import { OverviewSkeleton } from "@/features/overview/overview-skeleton.tsx";
import { WorkflowSelect } from "@/features/runs/workflow-select.tsx";
import { formatDate, formatDayAndClock } from "@/lib/absolute-time.ts";
import { useSearchState } from "@/lib/use-search-state.ts";
import { PageHeader } from "@/shell/page-header.tsx";
import { useRangeCommands } from "@/shell/use-range-commands.ts";
import { type FiguresParams, parseFiguresParams, serializeFiguresParams } from "./search-params.ts";

const urlState = { parse: parseFiguresParams, serialize: serializeFiguresParams };

/** How much, of what, and by what? Every figure opens its runs. */
export function FiguresClient() {
  const [params, change] = useSearchState<FiguresParams>(urlState);
  const { data, error, refetch, isPlaceholderData } = useBreakDown(params);
  useRangeCommands(params.range, (range) => change({ range }));
  return (
    <>
      <PageHeader title="Figures">
        <WorkflowSelect value={params.workflow} onChange={(workflow) => change({ workflow })} />
        <RangePicker range={params.range} onChange={(range) => change({ range })} />
      </PageHeader>
      <BreakDownControls params={params} onChange={change}>
        <LabelFilter labels={params.labels ?? []} onChange={(labels) => change({ labels })} />
      </BreakDownControls>
      <p role="status" className="sr-only">
        {isPlaceholderData ? "Counting" : ""}
      </p>
      <div className="min-h-0 flex-1 overflow-y-auto px-6 pb-6 max-[700px]:px-3">
        <GoalPanel workflow={params.workflow} />
        {data !== undefined ? (
          // Of the question before, until the next is answered: then it says and opens what that one was about.
          <div aria-busy={isPlaceholderData} className={isPlaceholderData ? "opacity-60" : undefined}>
            <Content breakDown={data.breakDown} params={data.params} />
          </div>
        ) : error === null ? (
          <OverviewSkeleton />
        ) : (
          <ErrorState what="the figures" error={error} onRetry={refetch} />
        )}
      </div>
    </>
  );
}

function Content({ breakDown, params }: { breakDown: BreakDown; params: FiguresParams }) {
  const { total, from, to, beginsAt, slowest, dearest, freshness } = breakDown;
  const { removedUpTo } = freshness;
  // What a figure opens has the period that was counted, which is whole buckets.
  const filter = {
    workflow: params.workflow,
    labels: params.labels ?? [],
    by: params.of,
    range: { type: "between", from, to } as const,
  };
  return (
    <div className="fade-in flex flex-col gap-4">
      <p>
        {measureSentence(breakDown, params)}
        {removedUpTo === undefined || removedUpTo <= from
          ? null
          : ` ${removedWords(removedUpTo, formatDayAndClock)}`}
      </p>
      <p className="-mt-3 text-ink-3 text-small">
        {formatDate(from)} – {formatDate(to)}
        {beginsAt === undefined ? "" : `. ${beginsWords(beginsAt, formatDayAndClock)}`}
      </p>
      {total.runs === 0 ? (
        <EmptyState icon={ChartColumnStacked} title="No run in this time">
          Choose a longer period, another workflow or other labels.
        </EmptyState>
      ) : (
        <>
          <Panel what="The table of groups" of={breakDown}>
            <GroupTable breakDown={breakDown} params={params} filter={filter} />
          </Panel>
          <div className="grid gap-4 xl:grid-cols-2">
            <Panel what="The chart" of={breakDown}>
              <MeasureChart breakDown={breakDown} params={params} filter={filter} />
            </Panel>
            <Panel what="The map of durations" of={breakDown}>
              <DurationMap breakDown={breakDown} filter={filter} />
            </Panel>
          </div>
          <div className="grid items-start gap-4 xl:grid-cols-2">
            <Panel what="The slowest runs" of={breakDown}>
              <ExtremeTable title="Slowest runs" runs={slowest} number={params.number} />
            </Panel>
            {dearest === undefined || params.number === undefined ? null : (
              <Panel what="The dearest runs" of={breakDown}>
                <ExtremeTable
                  title={`Largest ${numberWords(params.number)}`}
                  runs={dearest}
                  number={params.number}
                />
              </Panel>
            )}
          </div>
        </>
      )}
    </div>
  );
}
