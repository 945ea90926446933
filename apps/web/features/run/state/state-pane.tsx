"use client";

import type { RunState, RunStateView } from "@downbeat/api/views";
import { ChevronLeft, ChevronRight, X } from "lucide-react";
import { memo, useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import { IconButton } from "@/components/button.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { JsonView } from "@/components/json-view.tsx";
import { LabelChips } from "@/components/labels.tsx";
import { StatusMark } from "@/components/status-mark.tsx";
import { TimedText } from "@/components/timed-text.tsx";
import { ValueDifferences } from "@/features/compare/value-differences.tsx";
import { formatFull } from "@/lib/absolute-time.ts";
import { formatDuration } from "@/lib/duration.ts";
import { formatCount, plural } from "@/lib/number.ts";
import { lookOfRun } from "@/lib/status.ts";
import { timedText } from "@/lib/timed-text.ts";
import { useRefusal } from "@/lib/use-refusal.ts";
import { useSettled } from "@/lib/use-settled.ts";
import { ledgerWord } from "../detail/ledger-word.ts";
import { Section } from "../detail/section.tsx";
import { rowLook, rowName } from "../timeline/row-texts.ts";
import { openRows } from "./open-rows.ts";
import { stateText } from "./state-text.ts";
import type { useRunState } from "./use-run-state.ts";

interface StatePaneProps {
  readonly runId: string;
  readonly seq: number;
  readonly total: number;
  readonly startedAt: number;
  readonly query: ReturnType<typeof useRunState>;
  /** Nothing leaves the past. */
  readonly onSeq: (seq: number | undefined) => void;
  readonly onRow: (rowId: string) => void;
}

const settledAfterMs = 120;

/** The run as it was after an event, and what that event changed. */
export function StatePane({ runId, seq, total, startedAt, query, onSeq, onRow }: StatePaneProps) {
  const { data, error, refetch, isPlaceholderData } = query;
  return (
    <aside
      aria-label="The run at an event"
      className="flex min-h-0 w-[440px] shrink-0 flex-col border-line border-l bg-surface max-[1100px]:w-[360px] max-[900px]:max-h-[60%] max-[900px]:w-full max-[900px]:border-t max-[900px]:border-l-0"
    >
      <div className="flex h-10 shrink-0 items-center gap-2 border-line border-b px-5">
        <h2 className="min-w-0 flex-1 truncate font-strong">
          After event {formatCount(seq)} of {formatCount(total)}
        </h2>
        <IconButton label="Back to now" onClick={() => onSeq(undefined)}>
          <X aria-hidden size={15} />
        </IconButton>
      </div>
      <Scrubber seq={seq} total={total} onSeq={onSeq} />
      <div
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        tabIndex={0}
        aria-busy={isPlaceholderData}
        className="min-h-0 flex-1 overflow-y-auto px-5 py-3 outline-none"
      >
        {data === undefined && error !== null ? (
          <ErrorState what="the run at this event" error={error} onRetry={refetch} />
        ) : data === undefined ? (
          <div role="status" aria-label="Loading the state" className="skeleton h-32" />
        ) : (
          <State view={data} runId={runId} startedAt={startedAt} onRow={onRow} />
        )}
      </div>
    </aside>
  );
}

/** Through the run, event by event. What a slider passes on its way is not asked for. */
function Scrubber({ seq, total, onSeq }: { seq: number; total: number; onSeq: (seq: number) => void }) {
  const [place, setPlace] = useState(seq);
  const told = useRef(seq);
  const settled = useSettled(place, settledAfterMs);
  const tell = useEffectEvent((next: number) => {
    if (next === told.current) return;
    told.current = next;
    onSeq(next);
  });
  useEffect(() => tell(settled), [settled]);
  // Chosen elsewhere, in the list of events.
  const follow = useEffectEvent((next: number) => {
    if (next === told.current) return;
    told.current = next;
    setPlace(next);
  });
  useEffect(() => follow(seq), [seq]);
  const go = (next: number) => setPlace(Math.max(1, Math.min(total, next)));
  return (
    <div className="flex shrink-0 items-center gap-1 border-line border-b px-4 py-1">
      <IconButton label="The event before" disabled={place <= 1} onClick={() => go(place - 1)}>
        <ChevronLeft aria-hidden size={15} />
      </IconButton>
      <input
        type="range"
        aria-label="Event"
        aria-valuetext={`Event ${place} of ${total}`}
        min={1}
        max={total}
        value={place}
        onChange={(event) => go(Number(event.target.value))}
        className="min-w-0 flex-1 accent-accent"
      />
      <IconButton label="The next event" disabled={place >= total} onClick={() => go(place + 1)}>
        <ChevronRight aria-hidden size={15} />
      </IconButton>
    </div>
  );
}

interface StateProps {
  readonly view: RunStateView;
  readonly runId: string;
  readonly startedAt: number;
  readonly onRow: (rowId: string) => void;
}

/** What was never changes, while the page of an open run is drawn ten times a second. */
const State = memo(function State({ view, runId, startedAt, onRow }: StateProps) {
  const { event, before, after } = view;
  const texts = useMemo(() => [stateText(before), stateText(after)], [before, after]);
  const isHidden = useRefusal("seePayloads") !== undefined;
  const open = openRows(after);
  return (
    <>
      <p className="mb-1 break-words">
        <TimedText text={event.sentence} times={event.sentenceTimes} />
      </p>
      <p className="mb-3 text-ink-3 text-small">
        {formatFull(event.at)}, {formatDuration(event.at - startedAt)} after the start
      </p>
      <Section title="What it changed">
        {before === undefined ? (
          <p className="text-ink-2">It is the first event: there was no run before it.</p>
        ) : (
          <ValueDifferences
            before={texts[0]}
            after={texts[1]}
            equal={isHidden ? "Nothing that is shown to your role." : "Nothing that is shown here."}
          />
        )}
        {view.moreChanged === undefined ? null : (
          <p className="mt-1 text-ink-2">
            It changed {plural(view.moreChanged, "more step")}, not shown here.
          </p>
        )}
      </Section>
      <Section title="The run then">
        <p className="flex flex-wrap items-center gap-2">
          <StatusMark look={lookOfRun(after.shown)} />
          {after.closing === undefined ? null : (
            <span className="text-ink-2">
              {after.closing === "failed" ? "and failing" : "and being cancelled"}
            </span>
          )}
          <span className="text-ink-3">
            {formatCount(after.open)} open, {plural(after.ended, "step")} over
          </span>
        </p>
        {/* As it was told then: what "since" is told by has passed. */}
        {after.why === undefined ? null : (
          <p className="text-ink-2">{timedText(after.why, after.whyTimes, event.at)}</p>
        )}
      </Section>
      {open.length === 0 ? null : <OpenRows rows={open} count={after.open} onRow={onRow} />}
      {Object.keys(after.labels).length === 0 ? null : (
        <Section title="Labels">
          <div className="flex flex-wrap gap-1">
            <LabelChips labels={after.labels} runId={runId} />
          </div>
        </Section>
      )}
      {after.ledger.length === 0 ? null : (
        <Section title="Compensation">
          <ul>
            {after.ledger.map((entry) => (
              <li key={entry.compensationId} className="flex gap-2">
                <span className="min-w-0 flex-1 truncate">{entry.jobType}</span>
                <span className="text-ink-2 text-small">{ledgerWord(entry, isOpenThen(after))}</span>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {after.output === undefined ? null : (
        <Section title="Output">
          <JsonView text={after.output} what="output" />
        </Section>
      )}
    </>
  );
});

function OpenRows(props: {
  rows: readonly RunState["rows"][string][];
  count: number;
  onRow: (rowId: string) => void;
}) {
  const { rows, count, onRow } = props;
  return (
    <Section title="Open then">
      <ul className="rounded-md border border-line">
        {rows.map((row) => (
          <li
            key={row.rowId}
            className="flex h-7 items-center gap-2 border-line border-b px-2.5 last:border-b-0"
          >
            <button
              type="button"
              onClick={() => onRow(row.rowId)}
              className="min-w-0 flex-1 truncate rounded text-left text-accent hover:underline"
            >
              {rowName(row)}
            </button>
            <span className="text-ink-3 text-small">{row.rowId}</span>
            <StatusMark look={rowLook(row)} />
          </li>
        ))}
      </ul>
      {count > rows.length ? (
        <p className="mt-1 text-ink-2">and {formatCount(count - rows.length)} more.</p>
      ) : null}
    </Section>
  );
}

function isOpenThen({ shown }: RunState): boolean {
  return shown === "running" || shown === "waiting" || shown === "stuck";
}
