"use client";

import type { ShownRunView } from "@downbeat/api/views";
import { useCallback, useMemo } from "react";
import { CopyButton } from "@/components/copy-button.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { usePreloaded } from "@/components/load-when-open.tsx";
import { Panel } from "@/components/panel.tsx";
import { StatusMark } from "@/components/status-mark.tsx";
import { DetailPane } from "@/features/run/detail/load-detail-pane.tsx";
import { EventList } from "@/features/run/events/load-event-list.tsx";
import { RunButtons } from "@/features/run/header/run-buttons.tsx";
import { RunFacts } from "@/features/run/header/run-facts.tsx";
import { WhyBand } from "@/features/run/header/why-band.tsx";
import { UnknownRun } from "@/features/run/load-unknown-run.tsx";
import { LookupProgress } from "@/features/run/lookup-progress.tsx";
import { MaskedBand } from "@/features/run/masked/load-masked-band.tsx";
import { type Mark, marksOf } from "@/features/run/model/marks.ts";
import { usualOfJobs, usualOfRun } from "@/features/run/model/usual.ts";
import { RunSkeleton } from "@/features/run/run-skeleton.tsx";
import { StatePane } from "@/features/run/state/load-state-pane.tsx";
import { useRunState } from "@/features/run/state/use-run-state.ts";
import { rowName } from "@/features/run/timeline/row-texts.ts";
import { stillRows } from "@/features/run/timeline/still-rows.ts";
import { Timeline } from "@/features/run/timeline/timeline.tsx";
import { useTimelineNow } from "@/features/run/timeline/use-timeline-now.ts";
import { useMarks } from "@/features/run/use-marks.ts";
import { useRun } from "@/features/run/use-run.ts";
import { useUsual } from "@/features/run/use-usual.ts";
import { shortId } from "@/lib/short-id.ts";
import { lookOfRun } from "@/lib/status.ts";
import { useSearchState } from "@/lib/use-search-state.ts";
import { FreshnessStamp } from "@/shell/freshness-stamp.tsx";
import { RunsBreadcrumb } from "@/shell/runs-breadcrumb.tsx";
import { isNotFound } from "@/trpc/query-client.ts";
import { parseRunParams, type RunParams, serializeRunParams } from "./search-params.ts";

const urlState = { parse: parseRunParams, serialize: serializeRunParams };

const parts = [EventList, DetailPane];

export function RunClient({ runId }: { runId: string }) {
  const { data: run, error, refetch, isPending } = useRun(runId);
  // While the run is asked for: keys and links that are meant for them find them.
  const isReady = usePreloaded(parts);
  // What was shown of its events is forgotten when it is to be masked again.
  if (run !== undefined && isReady)
    return <RunContent key={run.masked?.until === undefined ? "masked" : "shown"} run={run} />;
  if (isPending || run !== undefined)
    return (
      <>
        <LookupProgress runId={runId} />
        <RunSkeleton />
      </>
    );
  if (isNotFound(error)) return <UnknownRun runId={runId} said={error.message} onRetry={refetch} />;
  return <ErrorState isPage what="this run" error={error} onRetry={refetch} />;
}

function RunContent({ run }: { run: ShownRunView }) {
  const [params, change] = useSearchState<RunParams>(urlState);
  const { startedAt, damaged, endedAt = damaged?.since } = run;
  const now = useTimelineNow({ startedAt, ...(endedAt !== undefined && { endedAt }) });
  const rows = useMemo(() => stillRows(run.rows, damaged), [run.rows, damaged]);
  const row = rows.find((each) => each.rowId === params.row);
  const usual = useUsual(run);
  const ofJobs = useMemo(() => usualOfJobs(usual), [usual]);
  const markEvents = useMarks(run.runId, run.seq);
  const marks = useMemo(
    () =>
      marksOf(markEvents, run.actions, (rowId) => {
        const meant = rows.find((each) => each.rowId === rowId);
        return meant === undefined ? rowId : rowName(meant);
      }),
    [markEvents, run.actions, rows],
  );
  const select = useCallback(
    (rowId: string | undefined) =>
      change(rowId === undefined ? { row: undefined, only: false } : { row: rowId }),
    [change],
  );
  const at = params.at === undefined ? undefined : Math.min(params.at, run.eventCount);
  const past = useRunState(run.runId, at);
  const goToState = useCallback((seq: number | undefined) => change({ at: seq }), [change]);
  const goToRow = useCallback((rowId: string) => change({ row: rowId, at: undefined }), [change]);
  const goToMark = ({ seq, rowId }: Mark) =>
    change(seq === undefined ? { row: rowId } : { event: seq, only: false });
  return (
    <>
      <header className="flex min-h-14 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 px-6 py-2 max-[700px]:px-3">
        <RunsBreadcrumb />
        <h1 className="flex min-w-0 items-center max-[700px]:basis-full gap-1 font-mono font-strong text-title">
          <span className="truncate" title={run.runId}>
            {shortId(run.runId, 40)}
          </span>
          <CopyButton text={run.runId} what="run id" />
        </h1>
        <StatusMark look={lookOfRun(run.shown)} strong />
        {run.closing === undefined || run.endedAt !== undefined ? null : (
          <span className="text-ink-2">
            {run.closing === "failed" ? "and failing" : "and being cancelled"}
          </span>
        )}
        <div className="flex-1" />
        <FreshnessStamp />
        <Panel what="What can be done" of={run}>
          <RunButtons run={run} />
        </Panel>
      </header>
      {run.masked === undefined ? null : (
        <Panel what="What is masked" of={run}>
          <MaskedBand run={run} masked={run.masked} />
        </Panel>
      )}
      <Panel what="What the run waits for" of={run}>
        <WhyBand run={run} onRow={select} />
      </Panel>
      <Panel what="What is known of the run" of={run}>
        <RunFacts run={run} usual={usualOfRun(usual)} />
      </Panel>
      <Panel what="The timeline" of={run}>
        <Timeline
          rows={rows}
          startedAt={startedAt}
          endedAt={endedAt}
          now={now}
          isMissing={run.missing !== undefined}
          isStill={damaged !== undefined}
          marks={marks}
          moment={at === undefined ? undefined : past.data?.event.at}
          usual={ofJobs}
          state={params}
          onChange={change}
          onMark={goToMark}
          selected={params.row}
          onSelect={select}
        />
      </Panel>
      <div className="flex min-h-0 flex-1 max-[900px]:min-h-[560px] max-[900px]:flex-col print:block">
        <Panel what="The list of events" of={run}>
          <EventList
            runId={run.runId}
            startedAt={run.startedAt}
            total={run.eventCount}
            isOpenRun={endedAt === undefined}
            isMissing={run.missing !== undefined}
            row={
              row === undefined ? undefined : { rowId: row.rowId, name: rowName(row), firstSeq: row.firstSeq }
            }
            state={params}
            onChange={change}
            onState={goToState}
          />
        </Panel>
        <Panel what="The details" of={past.data ?? row ?? run}>
          {at === undefined ? (
            <DetailPane run={run} row={row} onRow={select} />
          ) : (
            <StatePane
              runId={run.runId}
              seq={at}
              total={run.eventCount}
              startedAt={startedAt}
              query={past}
              onSeq={goToState}
              onRow={goToRow}
            />
          )}
        </Panel>
      </div>
    </>
  );
}
