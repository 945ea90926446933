"use client";

import type { ShownStatus } from "@downbeat/api/views";
import { useQueryClient } from "@tanstack/react-query";
import { ListTree, Play, SearchX } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Button } from "@/components/button.tsx";
import { EmptyState } from "@/components/empty-state.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { Panel } from "@/components/panel.tsx";
import { RangePicker } from "@/components/range-picker.tsx";
import { BulkMenu } from "@/features/bulk/bulk-menu.tsx";
import { BulkDialog } from "@/features/bulk/load-bulk-dialog.ts";
import type { BulkRequest } from "@/features/bulk/request.ts";
import { ExportMenu } from "@/features/exports/export-menu.tsx";
import { ColumnMenu } from "@/features/runs/column-menu.tsx";
import { countWords } from "@/features/runs/count-words.ts";
import { EarlierRuns } from "@/features/runs/earlier-runs.tsx";
import { filterWords } from "@/features/runs/filter-words.ts";
import { withClause } from "@/features/runs/label-clauses.ts";
import { StartRunDialog } from "@/features/runs/load-start-run-dialog.ts";
import { NewRuns } from "@/features/runs/new-runs.tsx";
import { RemovedRuns } from "@/features/runs/removed-runs.tsx";
import { RunTable } from "@/features/runs/run-table.tsx";
import { SearchBox } from "@/features/runs/search-box.tsx";
import { SearchingRuns } from "@/features/runs/searching-runs.tsx";
import { StartedRuns } from "@/features/runs/started-runs.tsx";
import { StatusFilter } from "@/features/runs/status-filter.tsx";
import { TableSkeleton } from "@/features/runs/table-skeleton.tsx";
import { UnsearchedRuns } from "@/features/runs/unsearched-runs.tsx";
import { useRunColumns } from "@/features/runs/use-run-columns.ts";
import { useRunList } from "@/features/runs/use-run-list.ts";
import { useStatusCounts } from "@/features/runs/use-status-counts.ts";
import { WorkflowSelect } from "@/features/runs/workflow-select.tsx";
import { useOpenView } from "@/features/views/use-saved-views.ts";
import { ViewMenu } from "@/features/views/view-menu.tsx";
import { formatDayAndClock } from "@/lib/absolute-time.ts";
import { serverNow } from "@/lib/clock.ts";
import { plural } from "@/lib/number.ts";
import { isFiltered, runFilterOf } from "@/lib/run-filter.ts";
import { runStatuses } from "@/lib/status.ts";
import { useRefusal } from "@/lib/use-refusal.ts";
import { useSearchState } from "@/lib/use-search-state.ts";
import { useCommands } from "@/shell/commands-provider.tsx";
import { PageHeader } from "@/shell/page-header.tsx";
import { useRangeCommands } from "@/shell/use-range-commands.ts";
import { useTRPC } from "@/trpc/react.ts";
import { noRunsParams, parseRunsParams, type RunsParams, serializeRunsParams } from "./search-params.ts";

const urlState = { hasSavedViews: true, parse: parseRunsParams, serialize: serializeRunsParams };

export function RunsClient() {
  const [params, change] = useSearchState<RunsParams>(urlState);
  const [isStarting, setStarting] = useState(false);
  const [bulk, setBulk] = useState<BulkRequest>();
  const searchInput = useRef<HTMLInputElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  // A moving range is resolved when it is chosen: the list must not lose rows at its end while it is read.
  const filter = useMemo(() => runFilterOf(params, serverNow()), [params]);
  const { query, runs, head, newCount, moreNew, showNew } = useRunList(filter);
  const counted = query.data?.pages.findLast((page) => page.earlier?.isCounted && !page.countIsLowerBound);
  const recent = useStatusCounts(params, filter, head);
  const counts = sumOf(recent.counts, counted?.earlier?.countsByStatus);
  const prefetch = usePrefetchRun();
  const chosen = useRunColumns(useOpenView("runs"));
  const labelKeys = useMemo(
    () => [...new Set(runs.flatMap(({ labels }) => Object.keys(labels)))].sort().slice(0, 40),
    [runs],
  );
  const startRefusal = useRefusal("startRuns");

  useCommands([
    ...(startRefusal === undefined
      ? ([
          { id: "start", label: "Start a run", group: "This page", keys: "n", run: () => setStarting(true) },
        ] as const)
      : []),
    {
      id: "search",
      label: "Search",
      group: "This page",
      keys: "/",
      keyOnly: true,
      run: () => searchInput.current?.focus(),
    },
    {
      id: "clear",
      label: "Clear the filters",
      group: "This page",
      keys: "c",
      run: () => change(noRunsParams),
    },
  ]);

  useRangeCommands(params.range, (range) => change({ range }), { allowAll: params.content === undefined });

  const lastPage = query.data?.pages.at(-1);
  const earlier = lastPage?.earlier;
  const removedUpTo = lastPage?.freshness.removedUpTo;
  const unsearched = query.data?.pages.reduce((sum, page) => sum + (page.unsearched ?? 0), 0) ?? 0;
  const waits = earlier?.isNext === true || earlier?.trouble !== undefined;
  const searchedTo = query.hasNextPage && !waits ? lastPage?.searchedTo : undefined;
  const isReadingEarlier =
    query.isFetchingNextPage && query.data?.pages.some((page) => (page.freshness.sources?.length ?? 0) > 1);
  const hasNothingRecent = runs.length === 0 && earlier?.isNext === true && query.hasNextPage;

  // A period that is all before the read model was asked for: there is nothing to show but what takes a while.
  useEffect(() => {
    if (hasNothingRecent && !query.isFetchingNextPage && !query.isError) query.fetchNextPage();
  }, [hasNothingRecent, query.isFetchingNextPage, query.isError, query.fetchNextPage]);

  // Nothing of what was looked at matches: it goes on by itself, as the table does where it has rows.
  const hasFoundNothing = runs.length === 0 && searchedTo !== undefined;
  useEffect(() => {
    if (hasFoundNothing && !query.isFetchingNextPage && !query.isError) query.fetchNextPage();
  }, [hasFoundNothing, query.isFetchingNextPage, query.isError, query.fetchNextPage]);

  const onMore = useCallback(() => {
    if (!query.isFetchingNextPage) query.fetchNextPage();
  }, [query.isFetchingNextPage, query.fetchNextPage]);

  return (
    <>
      <PageHeader
        title="Runs"
        detail={
          head === undefined
            ? undefined
            : head.earlier !== undefined && counted === undefined
              ? `${plural(head.count, "run")} since ${formatDayAndClock(head.earlier.before)}`
              : countWords({
                  head,
                  loaded: runs.length,
                  isWhole: query.isSuccess && !query.hasNextPage,
                  counts,
                  isLowerBound: recent.isLowerBound,
                  status: params.status,
                })
        }
      >
        <ViewMenu
          list="runs"
          query={serializeRunsParams(params).toString()}
          columns={chosen.own}
          onSaved={() => chosen.change(undefined)}
        />
        <ExportMenu
          title="Runs"
          ask={(format) => ({ list: "runs", query: { filter }, format })}
          refusal={head?.count === 0 && runs.length === 0 && !query.hasNextPage ? "No matches." : undefined}
        />
        <Button look="primary" refusal={startRefusal} onClick={() => setStarting(true)}>
          <Play aria-hidden size={14} /> Start a run
        </Button>
      </PageHeader>
      <div className="flex flex-wrap items-center gap-2 px-6 pb-2 max-[700px]:px-3">
        <SearchBox inputRef={searchInput} params={params} onChange={change} />
        <WorkflowSelect value={params.workflow} onChange={(workflow) => change({ workflow })} />
        <RangePicker
          allowAll={params.content === undefined}
          subject={params.by === "ended" ? "Ended" : "Started"}
          range={params.range}
          onChange={(range) => change({ range })}
        />
      </div>
      <div className="flex flex-wrap items-center gap-2 px-5 pb-2 max-[700px]:px-2">
        <StatusFilter
          chosen={params.status}
          counts={counts}
          isLowerBound={recent.isLowerBound}
          onChange={(status) => change({ status })}
        />
        {isFiltered(params) ? (
          <Button look="quiet" size="small" onClick={() => change(noRunsParams)}>
            Clear the filters
          </Button>
        ) : null}
        {head === undefined || head.count === 0 || params.content !== undefined ? null : (
          <BulkMenu
            label="What to do with all of these runs"
            verbs={["sendSignal", "resumeRun", "runAgain", "cancelRun", "terminateRun"]}
            onAsk={(verb) =>
              setBulk({
                verb,
                selection: { type: "runs", filter },
                count: head.count,
                about: filterWords(filter),
              })
            }
          >
            Act on all
          </BulkMenu>
        )}
        <ColumnMenu {...chosen} labelKeys={labelKeys} />
        <NewRuns
          count={newCount}
          more={moreNew}
          onShow={async () => {
            await showNew();
            scroller.current?.scrollTo({ top: 0 });
          }}
        />
      </div>
      <StartedRuns />
      {unsearched === 0 ? null : <UnsearchedRuns count={unsearched} />}
      <div className="flex min-h-0 flex-1 flex-col border-line border-t bg-surface">
        {query.isPending ? (
          <TableSkeleton />
        ) : query.isError && runs.length === 0 ? (
          <ErrorState what="the runs" error={query.error} onRetry={() => query.refetch()} />
        ) : runs.length === 0 && earlier !== undefined && query.hasNextPage ? (
          <EarlierRuns earlier={earlier} isReading={query.isFetchingNextPage} onShow={query.fetchNextPage} />
        ) : runs.length === 0 && searchedTo !== undefined ? (
          <SearchingRuns
            searchedTo={searchedTo}
            found={0}
            isFetching={query.isFetchingNextPage}
            onMore={onMore}
          />
        ) : runs.length === 0 ? (
          <NoRuns
            filtered={isFiltered(params)}
            content={params.content}
            onClear={() => change(noRunsParams)}
            startRefusal={startRefusal}
            onStart={() => setStarting(true)}
          />
        ) : (
          <Panel what="The list of runs" of={runs}>
            <RunTable
              runs={runs}
              total={head?.count ?? runs.length}
              hasMore={query.hasNextPage && !waits}
              onMore={onMore}
              scroller={scroller}
              columns={chosen}
              by={params.by}
              onSort={(by) => change({ by })}
              onLabel={(key, value) =>
                change({ labels: withClause(params.labels, [{ key, test: "is", value }]) })
              }
              onNear={prefetch}
              footer={
                earlier !== undefined && query.hasNextPage && (waits || isReadingEarlier) ? (
                  <EarlierRuns
                    earlier={earlier}
                    isReading={query.isFetchingNextPage}
                    onShow={query.fetchNextPage}
                  />
                ) : searchedTo !== undefined ? (
                  <SearchingRuns
                    searchedTo={searchedTo}
                    found={runs.length}
                    isFetching={query.isFetchingNextPage}
                    onMore={onMore}
                  />
                ) : removedUpTo !== undefined && !query.hasNextPage ? (
                  <RemovedRuns upTo={removedUpTo} />
                ) : null
              }
            />
          </Panel>
        )}
      </div>
      <BulkDialog request={bulk} onClose={() => setBulk(undefined)} />
      <StartRunDialog open={isStarting} onOpenChange={setStarting} />
    </>
  );
}

/** What is counted live, and what ended before the read model begins, once that is known. */
function sumOf(
  counts: Readonly<Record<ShownStatus, number>> | undefined,
  earlier: Readonly<Record<ShownStatus, number>> | undefined,
): Readonly<Record<ShownStatus, number>> | undefined {
  if (counts === undefined || earlier === undefined) return counts;
  const sum = { ...counts };
  for (const status of runStatuses) sum[status] += earlier[status];
  return sum;
}

interface NoRunsProps {
  readonly filtered: boolean;
  /** What was looked for in inputs, outputs and errors. */
  readonly content: string | undefined;
  readonly onClear: () => void;
  readonly startRefusal: string | undefined;
  readonly onStart: () => void;
}

function NoRuns({ filtered, content, onClear, startRefusal, onStart }: NoRunsProps) {
  if (filtered)
    return (
      <EmptyState
        icon={SearchX}
        title="No run matches these filters"
        action={<Button onClick={onClear}>Clear the filters</Button>}
      >
        {content === undefined
          ? "Runs that come to match are shown here as they do."
          : `No input, output, signal or error of these runs says “${content}”. Try a longer period, or search again for what happened since.`}
      </EmptyState>
    );
  return (
    <EmptyState
      icon={ListTree}
      title="No runs yet"
      action={
        <Button look="primary" refusal={startRefusal} onClick={onStart}>
          <Play aria-hidden size={14} /> Start a run
        </Button>
      }
    >
      Every run of a workflow appears here the moment it is started: by your services, by{" "}
      <code>downbeat runs start</code> or with this button.
    </EmptyState>
  );
}

/** The run's page is there at once when its row was pointed at for a moment. */
function usePrefetchRun(): (runId: string) => void {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  return useCallback(
    (runId) => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        queryClient.prefetchQuery(trpc.runs.get.queryOptions({ runId }, { staleTime: 5_000 }));
      }, 90);
    },
    [trpc, queryClient],
  );
}
