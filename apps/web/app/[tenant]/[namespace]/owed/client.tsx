"use client";

import { HandCoins, SearchX } from "lucide-react";
import { Button } from "@/components/button.tsx";
import { EmptyState } from "@/components/empty-state.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { Panel } from "@/components/panel.tsx";
import { StaleLine } from "@/components/stale-line.tsx";
import { ExportMenu } from "@/features/exports/export-menu.tsx";
import { AmountSelect } from "@/features/owed/amount-select.tsx";
import { OwedSkeleton } from "@/features/owed/owed-skeleton.tsx";
import { OwedTable } from "@/features/owed/owed-table.tsx";
import { StandingFilter } from "@/features/owed/standing-filter.tsx";
import { TotalsTable } from "@/features/owed/totals-table.tsx";
import { useOwed, useOwedTotals } from "@/features/owed/use-owed.ts";
import { WorkflowSelect } from "@/features/runs/workflow-select.tsx";
import { ViewMenu } from "@/features/views/view-menu.tsx";
import { formatDayAndClock } from "@/lib/absolute-time.ts";
import { formatCount } from "@/lib/number.ts";
import { useSearchState } from "@/lib/use-search-state.ts";
import { useCommands } from "@/shell/commands-provider.tsx";
import { PageHeader } from "@/shell/page-header.tsx";
import { messageOf } from "@/trpc/trouble.ts";
import {
  allOwed,
  isNarrowed,
  type OwedParams,
  owedQueryOf,
  parseOwedParams,
  serializeOwedParams,
} from "./search-params.ts";

const urlState = { hasSavedViews: true, parse: parseOwedParams, serialize: serializeOwedParams };

/** What should have been undone and is not: how much of it there is, and each of it. */
export function OwedClient() {
  const [params, change] = useSearchState<OwedParams>(urlState);
  const totals = useOwedTotals(params);
  const { query, owed, head, onMore } = useOwed(params);
  const clear = () => change(allOwed);
  useCommands([{ id: "clear", label: "Clear the filters", group: "This page", keys: "c", run: clear }]);
  const from = totals.data?.freshness.completeFrom;
  return (
    <>
      <PageHeader
        title="Owed"
        detail={
          head === undefined
            ? undefined
            : `${head.countIsLowerBound ? "more than " : ""}${formatCount(head.count)} not undone`
        }
      >
        <ViewMenu list="owed" query={serializeOwedParams(params).toString()} />
        <ExportMenu
          title="Owed"
          ask={(format) => ({ list: "owed", query: owedQueryOf(params), format })}
          refusal={head?.count === 0 ? "No matches." : undefined}
        />
      </PageHeader>
      <div className="flex flex-wrap items-center gap-2 px-6 pb-2 max-[700px]:px-3">
        <WorkflowSelect value={params.workflow} onChange={(workflow) => change({ workflow })} />
        <AmountSelect
          value={params.amount}
          known={totals.data?.amounts ?? []}
          onChange={(amount) => change({ amount })}
        />
        <StandingFilter chosen={params.standing} onChange={(standing) => change({ standing })} />
        {params.jobType === undefined ? null : (
          <span className="min-w-0 truncate text-ink-2">
            that <span className="text-ink">{params.jobType}</span> would undo
          </span>
        )}
        {isNarrowed(params) ? (
          <Button look="quiet" size="small" onClick={clear}>
            Clear the filters
          </Button>
        ) : null}
      </div>
      {from === undefined ? null : (
        <p className="px-6 pb-2 text-ink-3 text-small max-[700px]:px-3">
          Of runs that ended before {formatDayAndClock(from)}, nothing is counted here.
        </p>
      )}
      {totals.data === undefined && totals.isError ? (
        <p role="alert" className="break-words px-6 pb-2 text-small text-stuck max-[700px]:px-3">
          What is owed in total could not be counted: {messageOf(totals.error)}
        </p>
      ) : null}
      <StaleLine query={totals} className="px-6 max-[700px]:px-3" />
      {totals.data === undefined || totals.data.byJobType.length === 0 ? null : (
        <div className="max-h-[40%] shrink-0 overflow-y-auto px-6 pb-3 max-[700px]:px-3">
          <Panel what="What is owed in total" of={totals.data}>
            <TotalsTable totals={totals.data} params={params} />
          </Panel>
        </div>
      )}
      <div className="flex min-h-60 flex-1 flex-col border-line border-t bg-surface">
        {query.isPending ? (
          <OwedSkeleton />
        ) : query.isError && owed.length === 0 ? (
          <ErrorState what="what is owed" error={query.error} onRetry={() => query.refetch()} />
        ) : owed.length > 0 ? (
          <Panel what="The list of what is owed" of={owed}>
            <StaleLine query={query} className="px-6 max-[700px]:px-3" />
            <OwedTable
              owed={owed}
              total={head?.count ?? owed.length}
              hasAmount={params.amount !== undefined}
              hasMore={query.hasNextPage}
              onMore={onMore}
            />
          </Panel>
        ) : isNarrowed(params) ? (
          <EmptyState icon={SearchX} title="Nothing is owed that matches these filters">
            <Button onClick={clear}>Clear the filters</Button>
          </EmptyState>
        ) : (
          <EmptyState icon={HandCoins} title="Nothing is owed">
            When a run fails, is cancelled or is terminated, what its code registered to undo is listed here
            until it is undone: refunds that failed, bookings that nobody cancelled.
          </EmptyState>
        )}
      </div>
    </>
  );
}
