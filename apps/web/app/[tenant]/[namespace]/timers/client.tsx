"use client";

import { CalendarClock, SearchX } from "lucide-react";
import { useMemo, useState } from "react";
import { Button } from "@/components/button.tsx";
import { EmptyState } from "@/components/empty-state.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { Panel } from "@/components/panel.tsx";
import { StaleLine } from "@/components/stale-line.tsx";
import { ActionDialog } from "@/features/actions/load-action-dialog.ts";
import type { ActionRequest } from "@/features/actions/request.ts";
import { ExportMenu } from "@/features/exports/export-menu.tsx";
import { WorkflowSelect } from "@/features/runs/workflow-select.tsx";
import { ActedTimers } from "@/features/timers/acted-timers.tsx";
import { DuePicker } from "@/features/timers/due-picker.tsx";
import { JobTypeSelect } from "@/features/timers/job-type-select.tsx";
import { KindFilter } from "@/features/timers/kind-filter.tsx";
import { TimerSkeleton } from "@/features/timers/timer-skeleton.tsx";
import { TimerTable } from "@/features/timers/timer-table.tsx";
import { useTimers } from "@/features/timers/use-timers.ts";
import { ViewMenu } from "@/features/views/view-menu.tsx";
import { serverNow } from "@/lib/clock.ts";
import { formatCount } from "@/lib/number.ts";
import { useSearchState } from "@/lib/use-search-state.ts";
import { useCommands } from "@/shell/commands-provider.tsx";
import { PageHeader } from "@/shell/page-header.tsx";
import {
  isNarrowed,
  noTimersParams,
  parseTimersParams,
  serializeTimersParams,
  type TimersParams,
  timersQueryOf,
} from "./search-params.ts";

const urlState = { hasSavedViews: true, parse: parseTimersParams, serialize: serializeTimersParams };

/** What time alone will do, what comes next first; and what may be done about it. */
export function TimersClient() {
  const [params, change] = useSearchState<TimersParams>(urlState);
  const [request, setRequest] = useState<ActionRequest>();
  const asked = useMemo(() => timersQueryOf(params, serverNow()), [params]);
  // A period that moves is another one each time the list is asked for: what has come into it joins the list at its end.
  const { query, timers, head, onMore } = useTimers(asked, () => timersQueryOf(params, serverNow()));
  const clear = () => change(noTimersParams);
  useCommands([{ id: "clear", label: "Clear the filters", group: "This page", keys: "c", run: clear }]);
  return (
    <>
      <PageHeader
        title="Timers and waits"
        detail={
          head === undefined
            ? undefined
            : `${head.countIsLowerBound ? "more than " : ""}${formatCount(head.count)} ahead`
        }
      >
        <ViewMenu list="timers" query={serializeTimersParams(params).toString()} />
        <ExportMenu
          title="Timers and waits"
          ask={(format) => ({ list: "timers", query: timersQueryOf(params, serverNow()), format })}
          refusal={head?.count === 0 ? "No matches." : undefined}
        />
      </PageHeader>
      <div className="flex flex-wrap items-center gap-2 px-6 pb-2 max-[700px]:px-3">
        <WorkflowSelect value={params.workflow} onChange={(workflow) => change({ workflow })} />
        <JobTypeSelect value={params.jobType} onChange={(jobType) => change({ jobType })} />
        <DuePicker params={params} onChange={change} />
        {params.runId === undefined ? null : (
          <span className="truncate text-ink-2">
            of the run <span className="font-mono">{params.runId}</span>
          </span>
        )}
      </div>
      <div className="flex flex-wrap items-center gap-2 px-5 pb-2 max-[700px]:px-2">
        <KindFilter chosen={params.kind} onChange={(kind) => change({ kind })} />
        {isNarrowed(params) ? (
          <Button look="quiet" size="small" onClick={clear}>
            Clear the filters
          </Button>
        ) : null}
      </div>
      <ActedTimers />
      <div className="flex min-h-0 flex-1 flex-col border-line border-t bg-surface">
        {query.isPending ? (
          <TimerSkeleton />
        ) : query.isError && timers.length === 0 ? (
          <ErrorState what="the timers" error={query.error} onRetry={() => query.refetch()} />
        ) : timers.length > 0 ? (
          <Panel what="The list of timers" of={timers}>
            <StaleLine query={query} className="px-5 max-[700px]:px-2" />
            <TimerTable
              timers={timers}
              total={head?.count ?? timers.length}
              hasMore={query.hasNextPage}
              onMore={onMore}
              onAsk={setRequest}
            />
          </Panel>
        ) : isNarrowed(params) ? (
          <EmptyState icon={SearchX} title="Nothing is due that matches these filters">
            <Button onClick={clear}>Clear the filters</Button>
          </EmptyState>
        ) : (
          <EmptyState icon={CalendarClock} title="Nothing is due">
            Sleeping runs, waits for signals with a time-out, back-offs of jobs and their deadlines are listed
            here, with what comes next first.
          </EmptyState>
        )}
      </div>
      <ActionDialog request={request} onClose={() => setRequest(undefined)} />
    </>
  );
}
