// biome-ignore-all lint/a11y/useSemanticElements: the scrolled list is no group of inputs
"use client";

import type { EventView } from "@downbeat/api/views";
import { CloudOff, Search, SearchX } from "lucide-react";
import { useCallback, useEffect, useEffectEvent, useMemo, useRef, useState } from "react";
import { Button } from "@/components/button.tsx";
import { EmptyState } from "@/components/empty-state.tsx";
import { formatCount, plural } from "@/lib/number.ts";
import { useDrawnFocus } from "@/lib/use-drawn-focus.ts";
import { usePrinting } from "@/lib/use-printing.ts";
import { useRowWindow } from "@/lib/use-row-window.ts";
import { useSettled } from "@/lib/use-settled.ts";
import { useCommands } from "@/shell/commands-provider.tsx";
import { messageOf } from "@/trpc/trouble.ts";
import { EventRow } from "./event-row.tsx";
import { causeOf, filterEvents, isEventFilterSet } from "./filter-events.ts";
import { TypeFilter } from "./type-filter.tsx";
import { useEvents } from "./use-events.ts";

const closedHeight = 29;

interface EventListState {
  readonly types: readonly string[];
  readonly text?: string | undefined;
  readonly event?: number | undefined;
  readonly only: boolean;
}

interface EventListProps {
  readonly runId: string;
  readonly startedAt: number;
  readonly total: number;
  readonly isOpenRun: boolean;
  /** They could not be found. */
  readonly isMissing: boolean;
  /** Its events are marked, or with `only` alone shown. */
  readonly row: { readonly rowId: string; readonly name: string; readonly firstSeq: number } | undefined;
  readonly state: EventListState;
  readonly onChange: (patch: Partial<EventListState>) => void;
  /** Shows the run as it was after an event. */
  readonly onState: (seq: number) => void;
}

export function EventList(props: EventListProps) {
  const { runId, startedAt, total, isOpenRun, isMissing, row, state, onChange, onState } = props;
  const store = useEvents(runId, total, isMissing);
  const scroller = useRef<HTMLDivElement>(null);
  const focusOf = useDrawnFocus("data-event");
  const [byClock, setByClock] = useState(false);
  const [open, setOpen] = useState<ReadonlySet<number>>(
    () => new Set(state.event === undefined ? [] : [state.event]),
  );
  const [typed, setTyped] = useState(state.text ?? "");
  const text = useSettled(typed.trim(), 150);

  const onText = useEffectEvent((next: string) => onChange({ text: next === "" ? undefined : next }));
  useEffect(() => onText(text), [text]);

  const rowId = state.only ? row?.rowId : undefined;
  const filter = useMemo(() => ({ types: state.types, text, rowId }), [state.types, text, rowId]);
  const isFiltered = isEventFilterSet(filter);
  const version = store.version();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version stands for what is loaded
  const found = useMemo(
    () => (isFiltered ? filterEvents(store.loaded(), filter) : undefined),
    [store, version, filter, isFiltered],
  );
  // The band above says why; rows that wait forever would say that they come.
  const hasNone = isMissing && store.loaded().length === 0;
  const count = hasNone ? 0 : (found?.length ?? store.total());
  const eventAt = (index: number): EventView | undefined =>
    found === undefined ? store.get(index + 1) : found[index];

  const {
    drawn,
    total: height,
    measure,
    scrollTo,
  } = useRowWindow({
    count,
    scroller,
    height: closedHeight,
    overscan: 12,
    keyOf: (index) => eventAt(index)?.seq ?? `waiting ${index}`,
  });
  const isPrinting = usePrinting();
  const items = isPrinting ? wholeList(count) : drawn;
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of what is loaded may leave a page on the screen missing
  useEffect(() => {
    // What is not here by then is said on paper; asked for all at once it would come too late.
    if (isPrinting) return;
    if (isFiltered) store.needAll();
    else store.need(first + 1, last + 1);
  }, [store, isFiltered, isPrinting, first, last, version]);

  const [wantsPrint, setWantsPrint] = useState(false);
  const isWhole = store.loaded().length >= store.total();
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useEffect(() => {
    if (!wantsPrint) return;
    if (!isWhole && store.error() === undefined) return store.needAll();
    setWantsPrint(false);
    // Once that is drawn: printing waits for nothing.
    setTimeout(() => window.print());
  }, [store, wantsPrint, isWhole, version]);

  const indexOf = useCallback(
    (seq: number) => (found === undefined ? seq - 1 : found.findIndex((event) => event.seq === seq)),
    [found],
  );
  const goTo = useCallback(
    (seq: number, focus = false) => {
      const index = indexOf(seq);
      if (index < 0) return;
      scrollTo(index, "center");
      if (focus) focusOf.to(seq);
    },
    [scrollTo, indexOf, focusOf],
  );

  useFollowEnd(scroller, count, isOpenRun && !isFiltered && state.event === undefined && row === undefined);

  // Choosing a row shows where its events begin.
  const goToRow = useEffectEvent(() => {
    if (row !== undefined && !state.only) goTo(row.firstSeq);
  });
  const chosen = row?.rowId;
  useEffect(() => {
    if (chosen !== undefined) goToRow();
  }, [chosen]);
  // In the address, or chosen elsewhere on the page.
  const ownEvent = useRef<number>(undefined);
  const goToLinked = useEffectEvent((seq: number) => {
    if (seq === ownEvent.current) return;
    setOpen((current) => new Set(current).add(seq));
    goTo(seq);
  });
  useEffect(() => {
    if (state.event !== undefined) goToLinked(state.event);
  }, [state.event]);

  const toggle = useCallback(
    (seq: number) => {
      setOpen((current) => {
        const next = new Set(current);
        if (!next.delete(seq)) next.add(seq);
        return next;
      });
      ownEvent.current = seq;
      onChange({ event: seq });
    },
    [onChange],
  );

  const move = (by: number) => {
    const focused = focusOf.current();
    const from = focused === undefined ? first - 1 : indexOf(focused);
    const next = eventAt(Math.max(0, Math.min(count - 1, from + by)));
    if (next === undefined) return;
    scrollTo(indexOf(next.seq));
    focusOf.to(next.seq);
  };
  useCommands([
    { id: "events", label: "To the events", group: "This page", keys: "e", run: () => move(1) },
    {
      id: "state",
      label: "Show the run as it was after an event",
      group: "This page",
      keys: "z",
      run: () => onState(focusOf.current() ?? state.event ?? store.total()),
    },
    // What is far down may not have been fetched yet; paper has all of it.
    {
      id: "print",
      label: "Print the run",
      group: "This page",
      keys: "mod+p",
      run: () => setWantsPrint(true),
    },
    {
      id: "latest",
      label: "To the latest event",
      group: "This page",
      keys: "l",
      run: () => goTo(store.total(), true),
    },
  ]);

  const searched = store.loaded().length;
  return (
    <section aria-label="Events" className="flex min-h-0 min-w-0 flex-1 flex-col bg-surface">
      <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-1 border-line border-b py-1.5 pr-3 pl-6 max-[700px]:pl-3">
        <h2 className="font-strong">Events</h2>
        <span className="ml-2 min-w-0 flex-1 truncate text-ink-3 text-small" aria-live="polite">
          {wantsPrint
            ? `gathering ${formatCount(store.total())} to print…`
            : isFiltered
              ? searched < store.total()
                ? `searched ${formatCount(searched)} of ${formatCount(store.total())}…`
                : `${formatCount(count)} of ${formatCount(store.total())}`
              : formatCount(store.total())}
        </span>
        <label className="flex h-6 w-44 min-w-0 items-center gap-1.5 rounded-md border border-line-strong px-1.5 focus-within:border-accent">
          <Search aria-hidden size={12} className="shrink-0 text-ink-3" />
          <input
            type="search"
            aria-label="Search the events"
            placeholder="Search the events"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            className="min-w-0 flex-1 bg-transparent text-small outline-none placeholder:text-ink-3"
          />
        </label>
        {row === undefined ? null : (
          <Button
            size="small"
            look="quiet"
            aria-pressed={state.only}
            className={state.only ? "bg-accent-soft text-ink" : ""}
            onClick={() => onChange({ only: !state.only })}
          >
            Only <span className="max-w-28 truncate">{row.name}</span>
          </Button>
        )}
        <TypeFilter types={state.types} onChange={(types) => onChange({ types })} />
        <Button size="small" look="quiet" onClick={() => setByClock(!byClock)} title="How times are shown">
          {byClock ? "Clock" : "Since start"}
        </Button>
      </div>
      {store.error() === undefined || isMissing ? null : (
        <p
          role="alert"
          className="flex items-center gap-3 border-line border-b bg-failed-soft px-6 max-[700px]:px-3 py-1.5 text-failed"
        >
          Some events can't be shown: {messageOf(store.error())}
          <Button size="small" onClick={() => store.retry()}>
            Try again
          </Button>
        </p>
      )}
      <div
        ref={scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        tabIndex={0}
        role="group"
        aria-label="List of events"
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          move(event.key === "ArrowDown" ? 1 : -1);
        }}
        className="min-h-0 flex-1 overflow-y-auto outline-none"
      >
        {hasNone ? (
          <EmptyState icon={CloudOff} title={`${plural(store.total(), "event")} can’t be shown now`}>
            They come by themselves as soon as they can be read.
          </EmptyState>
        ) : null}
        {count === 0 && isFiltered && !hasNone && searched >= store.total() ? (
          <EmptyState icon={SearchX} title="No event matches">
            {plural(store.total(), "event")} searched.
          </EmptyState>
        ) : null}
        {isPrinting && searched < store.total() ? (
          <p className="px-6 py-1">
            {plural(store.total() - searched, "event")} of {formatCount(store.total())} had not been read when
            this was printed.
          </p>
        ) : null}
        <div className="relative" style={isPrinting ? undefined : { height }}>
          {items.map((item) => {
            const event = eventAt(item.index);
            return (
              <div
                key={item.key}
                ref={isPrinting ? undefined : measure}
                data-index={item.index}
                {...(isPrinting
                  ? {}
                  : {
                      className: "absolute inset-x-0 top-0",
                      style: { transform: `translateY(${item.start}px)` },
                    })}
              >
                {event === undefined ? (
                  <div
                    className="flex items-center border-line border-b pl-6 max-[700px]:pl-3"
                    style={{ height: closedHeight }}
                  >
                    <div className="skeleton h-3 w-3/5" />
                  </div>
                ) : (
                  <EventRow
                    runId={runId}
                    event={event}
                    cause={open.has(event.seq) ? causeOf(event, store.get) : undefined}
                    startedAt={startedAt}
                    byClock={byClock}
                    isOpen={open.has(event.seq)}
                    isMarked={chosen !== undefined && event.rowId === chosen && !state.only}
                    onToggle={toggle}
                    onGoTo={goTo}
                    onState={onState}
                  />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
}

function wholeList(count: number): readonly { key: string; index: number; start: number }[] {
  return Array.from({ length: count }, (_, index) => ({ key: `printed ${index}`, index, start: 0 }));
}

/** An open run's list follows its end, as long as one has not scrolled away from it. */
function useFollowEnd(
  scroller: React.RefObject<HTMLDivElement | null>,
  count: number,
  enabled: boolean,
): void {
  const isAtEnd = useRef(true);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const onScroll = () => {
      isAtEnd.current = element.scrollTop + element.clientHeight >= element.scrollHeight - 40;
    };
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => element.removeEventListener("scroll", onScroll);
  }, [scroller]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: follows when the number of events changes
  useEffect(() => {
    if (enabled && isAtEnd.current) scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }, [count, enabled]);
}
