"use client";

import type { JobRow } from "@downbeat/api/views";
import { useEffect, useMemo, useRef, useState } from "react";
import { useVirtualRows } from "@/lib/use-virtual-rows.ts";
import { useWidth } from "@/lib/use-width.ts";
import { zoneOffset } from "@/lib/zone.ts";
import { criticalPath } from "../model/critical-path.ts";
import type { Entry } from "../model/groups.ts";
import type { Mark } from "../model/marks.ts";
import type { UsualOfJobs } from "../model/usual.ts";
import { Axis } from "./axis.tsx";
import { domainEnd } from "./domain-end.ts";
import { Guides } from "./guides.tsx";
import type { Hovered } from "./hover-card.tsx";
import { idleFolds } from "./idle.ts";
import { layoutOf } from "./layout.ts";
import { GroupRow } from "./load-group-row.tsx";
import { HoverCard } from "./load-hover-card.tsx";
import { RunGraphView } from "./load-run-graph.tsx";
import { TimelineTable } from "./load-timeline-table.tsx";
import { MarkLane } from "./mark-lane.tsx";
import { pathWords } from "./path-words.ts";
import { rowName } from "./row-texts.ts";
import { timeScale } from "./scale.ts";
import type { ShownRow } from "./still-rows.ts";
import { ticksOf } from "./ticks.ts";
import { useTimelineKeys } from "./timeline-keys.ts";
import { TimelineRowView } from "./timeline-row.tsx";
import { TimelineToolbar } from "./timeline-toolbar.tsx";
import { useDragZoom } from "./use-drag-zoom.ts";
import { useEntries } from "./use-entries.ts";
import { useWheelZoom, useZoom } from "./use-zoom.ts";

interface TimelineState {
  /** `1200-8000`: the stretch on the screen, ms since the run's start. */
  readonly zoom?: string | undefined;
  readonly view?: "table" | "graph" | undefined;
  /** What held the run up is set off. */
  readonly path: boolean;
}

interface TimelineProps {
  readonly rows: readonly ShownRow[];
  readonly marks: readonly Mark[];
  /** When the event was after which the run is shown. */
  readonly moment: number | undefined;
  readonly usual: UsualOfJobs;
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly now: number;
  /** Its events could not be found. */
  readonly isMissing: boolean;
  /** How it went on can't be told. */
  readonly isStill: boolean;
  readonly state: TimelineState;
  readonly onChange: (patch: Partial<TimelineState>) => void;
  readonly selected: string | undefined;
  readonly onSelect: (rowId: string | undefined) => void;
  readonly onMark: (mark: Mark) => void;
}

const noEntries: readonly Entry[] = [];

/** What happened when, on one axis with real proportions. Costs only the rows on the screen. */
export function Timeline(props: TimelineProps) {
  const { rows, marks, moment, usual, startedAt, endedAt, now, state, onChange, selected, onSelect, onMark } =
    props;
  const scroller = useRef<HTMLDivElement>(null);
  const section = useRef<HTMLElement>(null);
  const [frame, width] = useWidth();
  const [folds, setFolds] = useState(false);
  const [hovered, setHovered] = useState<Hovered>();
  const [activeGroup, setActiveGroup] = useState<string>();
  const isTable = state.view === "table";
  const isGraph = state.view === "graph";

  const { entries, toggle } = useEntries(rows, selected);
  const whole = useMemo(() => {
    if (endedAt === undefined) return { from: startedAt, to: domainEnd(startedAt, now) };
    return { from: startedAt, to: endedAt + Math.max(1, (endedAt - startedAt) * 0.01) };
  }, [startedAt, endedAt, now]);
  // Whether there is anything to fold changes with rows, not with every tick of the clock.
  const idle = useMemo(
    () => idleFolds(rows, whole.from, endedAt ?? now, now),
    [rows, whole.from, endedAt, now],
  );
  const zoom = useZoom({
    whole,
    startedAt,
    asked: state.zoom,
    onSettled: (text) => onChange({ zoom: text }),
  });
  const { view } = zoom;
  const layout = useMemo(() => layoutOf(width), [width]);
  const { trackLeft, trackWidth, rowHeight } = layout;
  const scale = useMemo(
    () => timeScale(view.from, view.to, trackWidth, folds ? idle : []),
    [view.from, view.to, trackWidth, folds, idle],
  );
  const ticks = useMemo(() => ticksOf(scale, startedAt, zoneOffset(startedAt)), [scale, startedAt]);
  const path = useMemo(
    () => (state.path ? criticalPath(rows, endedAt ?? now) : undefined),
    [state.path, rows, endedAt, now],
  );
  const onPath = useMemo(() => new Set(path?.steps.map(({ rowId }) => rowId)), [path]);
  const wholeMs = (endedAt ?? now) - startedAt;
  const pathSentence = useMemo(() => {
    if (path === undefined) return undefined;
    // How long it slept is what the sentence says.
    const names = new Map(rows.map((row) => [row.rowId, row.kind === "timer" ? "sleeping" : rowName(row)]));
    return pathWords(path, wholeMs, (rowId) => names.get(rowId) ?? rowId);
  }, [path, rows, wholeMs]);
  useWheelZoom(section, zoom, scale, trackLeft);
  const drag = useDragZoom(scale, trackLeft, zoom.show);

  const { drawn, total, scrollTo } = useVirtualRows({
    items: isTable || isGraph ? noEntries : entries,
    scroller,
    height: rowHeight,
    keyOf: ({ key }) => key,
    overscan: 8,
  });
  const activeKey = selected ?? activeGroup;
  const activeIndex = entries.findIndex(({ key }) => key === activeKey);

  const isFirst = useRef(true);
  useEffect(() => {
    // Brings a row into view that was chosen elsewhere: in the address or by an event.
    if (activeIndex >= 0) scrollTo(activeIndex, isFirst.current ? "center" : "nearest");
    isFirst.current = false;
  }, [activeIndex, scrollTo]);

  /** The time in which the rows on the screen happened: long runs are read a screenful at a time. */
  function fitRows(): void {
    const top = scroller.current?.scrollTop ?? 0;
    const height = scroller.current?.clientHeight ?? 0;
    const onScreen = entries
      .slice(Math.floor(top / rowHeight), Math.ceil((top + height) / rowHeight))
      .flatMap((entry): readonly ShownRow[] => (entry.kind === "row" ? [entry.row] : entry.rows));
    if (onScreen.length === 0) return;
    let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const row of onScreen) {
      from = Math.min(from, row.from);
      to = Math.max(to, row.to ?? now);
    }
    const margin = Math.max(2, (to - from) * 0.02);
    zoom.show({ from: from - margin, to: to + margin });
  }

  function choose(index: number): void {
    const entry = entries[Math.max(0, Math.min(entries.length - 1, index))];
    if (entry === undefined) return;
    setActiveGroup(entry.kind === "group" ? entry.key : undefined);
    onSelect(entry.kind === "group" ? undefined : entry.key);
  }

  function toggleActive(): void {
    const entry = entries[activeIndex];
    if (entry?.kind === "group") toggle(entry.key, entry.isOpen);
  }

  const togglePath = () => onChange({ path: !state.path });
  const toggleTable = () => onChange({ view: isTable ? undefined : "table" });
  const toggleGraph = () => onChange({ view: isGraph ? undefined : "graph" });
  const onKeyDown = useTimelineKeys({
    moveBy: (lines) => choose(activeIndex < 0 ? 0 : activeIndex + lines),
    moveTo: (end) => choose(end === "first" ? 0 : entries.length - 1),
    enter: toggleActive,
    leave: () => {
      setActiveGroup(undefined);
      onSelect(undefined);
    },
    zoom,
    folds,
    onFold: () => setFolds(!folds),
    onFitRows: fitRows,
    onPath: togglePath,
    onTable: toggleTable,
    onGraph: toggleGraph,
  });

  const nowX = endedAt === undefined ? scale.x(now) : undefined;
  return (
    <section aria-label="Timeline" className="border-line border-y bg-surface" ref={section}>
      <div ref={frame}>
        <TimelineToolbar
          rowCount={rows.length}
          onFitRows={entries.length * rowHeight > window.innerHeight * 0.38 ? fitRows : undefined}
          canFold={idle.length > 0}
          folds={folds}
          onFold={() => setFolds(!folds)}
          isZoomed={zoom.isZoomed}
          onZoom={zoom.zoomBy}
          onFit={zoom.fit}
          showsPath={state.path}
          onPath={togglePath}
          view={state.view}
          onTable={toggleTable}
          onGraph={toggleGraph}
        />
        {pathSentence === undefined ? null : (
          <p role="status" className="px-6 max-[700px]:px-3 pb-1 text-ink-2">
            {pathSentence}
          </p>
        )}
      </div>
      {isGraph ? (
        <RunGraphView
          rows={rows}
          now={now}
          onPath={path === undefined ? undefined : onPath}
          selected={selected}
          onSelect={onSelect}
        />
      ) : isTable ? (
        <TimelineTable
          entries={entries}
          startedAt={startedAt}
          now={now}
          usual={usual}
          onPath={onPath}
          selected={selected}
          onSelect={onSelect}
          onToggle={toggle}
        />
      ) : (
        <>
          <Axis ticks={ticks} scale={scale} layout={layout} nowX={nowX} />
          <MarkLane marks={marks} scale={scale} layout={layout} startedAt={startedAt} onMark={onMark} />
          <div
            ref={scroller}
            role="listbox"
            aria-label="Jobs, timers and signals in the order of their first events"
            aria-activedescendant={activeIndex >= 0 ? `row-${activeKey}` : undefined}
            tabIndex={0}
            onKeyDown={onKeyDown}
            onPointerDown={drag.onPointerDown}
            onPointerLeave={() => setHovered(undefined)}
            className="relative max-h-[38vh] select-none overflow-y-auto overflow-x-hidden"
          >
            <div className="relative" style={{ height: total }}>
              <Guides
                ticks={ticks}
                nowX={nowX}
                scale={scale}
                left={trackLeft}
                stretch={drag.stretch}
                momentX={moment === undefined ? undefined : scale.x(moment)}
              />
              {drawn.map((item) => {
                const entry = entries[item.index];
                if (entry === undefined) return null;
                const shared = {
                  index: item.index,
                  count: entries.length,
                  top: item.start,
                  layout,
                  scale,
                  now,
                };
                if (entry.kind === "group")
                  return (
                    <GroupRow
                      key={item.key}
                      {...shared}
                      entry={entry}
                      usual={usual}
                      isActive={entry.key === activeKey}
                      isDimmed={path !== undefined && !entry.rows.some(({ rowId }) => onPath.has(rowId))}
                      onToggle={() => {
                        if (!drag.isClick()) return;
                        setActiveGroup(entry.key);
                        onSelect(undefined);
                        toggle(entry.key, entry.isOpen);
                      }}
                    />
                  );
                const { row } = entry;
                return (
                  <TimelineRowView
                    key={item.key}
                    {...shared}
                    entry={entry}
                    usual={row.kind === "job" ? usual.get(row.jobType) : undefined}
                    isSelected={row.rowId === selected}
                    isDimmed={path !== undefined && !onPath.has(row.rowId)}
                    onSelect={() => {
                      if (drag.isClick()) onSelect(row.rowId === selected ? undefined : row.rowId);
                    }}
                    onHover={setHovered}
                  />
                );
              })}
            </div>
            {rows.length === 0 ? <NoRows {...props} /> : null}
          </div>
        </>
      )}
      <HoverCard
        hovered={drag.stretch === undefined ? hovered : undefined}
        name={hovered === undefined ? "" : rowName(hovered.row)}
        now={now}
        usual={hovered !== undefined && isJob(hovered.row) ? usual.get(hovered.row.jobType) : undefined}
      />
    </section>
  );
}

function NoRows({ isMissing, isStill, endedAt }: TimelineProps) {
  return (
    <p className="px-6 py-6 text-center text-ink-2">
      {isMissing
        ? "What it asked for is in the events that are missing."
        : isStill
          ? "Nothing that it asked for is known."
          : endedAt === undefined
            ? "Its code has asked for nothing yet."
            : "It ended without asking for anything."}
    </p>
  );
}

function isJob(row: Hovered["row"]): row is JobRow {
  return row.kind === "job";
}
