"use client";

import type { TimelineRow } from "@downbeat/api/views";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState, type WheelEvent } from "react";
import { usePrinting } from "@/lib/use-printing.ts";
import { useWidth } from "@/lib/use-width.ts";
import { zoneOffset } from "@/lib/zone.ts";
import { useCommands } from "@/shell/commands-provider.tsx";
import { Axis } from "./axis.tsx";
import { domainEnd } from "./domain-end.ts";
import { HoverCard, type Hovered } from "./hover-card.tsx";
import { idleFolds } from "./idle.ts";
import { layoutOf } from "./layout.ts";
import { placeRows } from "./order.ts";
import { rowName } from "./row-texts.ts";
import { pan, timeScale, type Viewport, zoom } from "./scale.ts";
import { ticksOf } from "./ticks.ts";
import { TimelineRowView } from "./timeline-row.tsx";
import { TimelineToolbar } from "./timeline-toolbar.tsx";

interface TimelineProps {
  readonly rows: readonly TimelineRow[];
  readonly startedAt: number;
  readonly endedAt: number | undefined;
  readonly now: number;
  /** Its events could not be found. */
  readonly isMissing: boolean;
  /** How it went on can't be told. */
  readonly isStill: boolean;
  readonly selected: string | undefined;
  readonly onSelect: (rowId: string | undefined) => void;
}

/** What happened when, on one axis with real proportions. Costs only the rows on the screen. */
export function Timeline(props: TimelineProps) {
  const { rows, startedAt, endedAt, now, isMissing, isStill, selected, onSelect } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [frame, width] = useWidth();
  const [folds, setFolds] = useState(false);
  const [viewport, setViewport] = useState<Viewport>();
  const [hovered, setHovered] = useState<Hovered>();

  const placed = useMemo(() => placeRows(rows), [rows]);
  const whole = useMemo(() => {
    if (endedAt === undefined) return { from: startedAt, to: domainEnd(startedAt, now) };
    return { from: startedAt, to: endedAt + Math.max(1, (endedAt - startedAt) * 0.01) };
  }, [startedAt, endedAt, now]);
  // Whether there is anything to fold changes with rows, not with every tick of the clock.
  const idle = useMemo(
    () => idleFolds(rows, whole.from, endedAt ?? now, now),
    [rows, whole.from, endedAt, now],
  );
  const view = viewport ?? whole;
  const layout = useMemo(() => layoutOf(width), [width]);
  const { trackLeft, trackWidth, rowHeight } = layout;
  const scale = useMemo(
    () => timeScale(view.from, view.to, trackWidth, folds ? idle : []),
    [view.from, view.to, trackWidth, folds, idle],
  );
  const ticks = useMemo(() => ticksOf(scale, startedAt, zoneOffset(startedAt)), [scale, startedAt]);

  const virtual = useVirtualizer({
    count: placed.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => placed[index]?.row.rowId ?? index,
    overscan: 8,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that became higher stand elsewhere
  useEffect(() => virtual.measure(), [rowHeight, virtual]);
  const isPrinting = usePrinting();
  const items = isPrinting
    ? placed.map(({ row }, index) => ({ key: row.rowId, index, start: index * rowHeight }))
    : virtual.getVirtualItems();
  const selectedIndex = placed.findIndex(({ row }) => row.rowId === selected);

  const isFirst = useRef(true);
  useEffect(() => {
    // Brings a row into view that was chosen elsewhere: in the address or by an event.
    if (selectedIndex >= 0)
      virtual.scrollToIndex(selectedIndex, { align: isFirst.current ? "center" : "auto" });
    isFirst.current = false;
  }, [selectedIndex, virtual]);

  function zoomBy(factor: number, around = (view.from + view.to) / 2): void {
    const next = zoom(view, whole, around, factor);
    setViewport(next.to - next.from >= (whole.to - whole.from) * 0.999 ? undefined : next);
  }

  function onWheel(event: WheelEvent<HTMLElement>): void {
    if (event.ctrlKey || event.metaKey) {
      const left = event.currentTarget.getBoundingClientRect().left + trackLeft;
      zoomBy(event.deltaY > 0 ? 1.25 : 0.8, scale.time(event.clientX - left));
    } else if (
      viewport !== undefined &&
      (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
    ) {
      const pixels = event.deltaX === 0 ? event.deltaY : event.deltaX;
      setViewport(pan(viewport, whole, ((view.to - view.from) / trackWidth) * pixels));
    }
  }

  /** The time in which the rows on the screen happened: long runs are read a screenful at a time. */
  function fitRows(): void {
    const top = virtual.scrollOffset ?? 0;
    const height = scroller.current?.clientHeight ?? 0;
    const onScreen = placed.slice(Math.floor(top / rowHeight), Math.ceil((top + height) / rowHeight));
    if (onScreen.length === 0) return;
    const from = Math.min(...onScreen.map(({ row }) => row.from));
    const to = Math.max(...onScreen.map(({ row }) => row.to ?? now));
    const margin = Math.max(2, (to - from) * 0.02);
    setViewport({ from: Math.max(whole.from, from - margin), to: Math.min(whole.to, to + margin) });
  }

  function select(index: number): void {
    const row = placed[Math.max(0, Math.min(placed.length - 1, index))]?.row;
    if (row !== undefined) onSelect(row.rowId);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => select(selectedIndex + 1),
      ArrowUp: () => select(selectedIndex < 0 ? 0 : selectedIndex - 1),
      Home: () => select(0),
      End: () => select(placed.length - 1),
      Escape: () => onSelect(undefined),
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    move();
  }

  useCommands([
    {
      id: "tl-next",
      label: "Next row of the timeline",
      group: "This page",
      keys: "j",
      keyOnly: true,
      run: () => select(selectedIndex + 1),
    },
    {
      id: "tl-prev",
      label: "Previous row",
      group: "This page",
      keys: "k",
      keyOnly: true,
      run: () => select(selectedIndex - 1),
    },
    {
      id: "tl-fold",
      label: folds ? "Show idle times" : "Fold idle times",
      group: "This page",
      keys: "f",
      run: () => setFolds(!folds),
    },
    { id: "tl-in", label: "Zoom in", group: "This page", keys: "+", keyOnly: true, run: () => zoomBy(0.5) },
    { id: "tl-out", label: "Zoom out", group: "This page", keys: "-", keyOnly: true, run: () => zoomBy(2) },
    {
      id: "tl-fit",
      label: "Fit the whole run",
      group: "This page",
      keys: "0",
      run: () => setViewport(undefined),
    },
    { id: "tl-rows", label: "Fit the rows on the screen", group: "This page", keys: "v", run: fitRows },
  ]);

  const nowX = endedAt === undefined ? scale.x(now) : undefined;
  return (
    <section aria-label="Timeline" className="border-line border-y bg-surface" ref={frame}>
      <TimelineToolbar
        rowCount={rows.length}
        onFitRows={placed.length * rowHeight > window.innerHeight * 0.38 ? fitRows : undefined}
        canFold={idle.length > 0}
        folds={folds}
        onFold={() => setFolds(!folds)}
        isZoomed={viewport !== undefined}
        onZoom={zoomBy}
        onFit={() => setViewport(undefined)}
      />
      <Axis ticks={ticks} scale={scale} layout={layout} nowX={nowX} />
      <div
        ref={scroller}
        role="listbox"
        aria-label="Jobs, timers and signals in the order of their first events"
        aria-activedescendant={selectedIndex >= 0 ? `row-${selected}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onWheel={onWheel}
        onPointerLeave={() => setHovered(undefined)}
        className="relative max-h-[38vh] overflow-y-auto overflow-x-hidden"
      >
        <div
          className="relative"
          style={{ height: isPrinting ? placed.length * rowHeight : virtual.getTotalSize() }}
        >
          <Guides ticks={ticks} nowX={nowX} scale={scale} left={trackLeft} />
          {items.map((item) => {
            const entry = placed[item.index];
            if (entry === undefined) return null;
            return (
              <TimelineRowView
                key={item.key}
                entry={entry}
                index={item.index}
                count={placed.length}
                top={item.start}
                layout={layout}
                scale={scale}
                now={now}
                isSelected={entry.row.rowId === selected}
                onSelect={() => onSelect(entry.row.rowId === selected ? undefined : entry.row.rowId)}
                onHover={setHovered}
              />
            );
          })}
        </div>
        {rows.length === 0 ? (
          <p className="px-6 py-6 text-center text-ink-2">
            {isMissing
              ? "What it asked for is in the events that are missing."
              : isStill
                ? "Nothing that it asked for is known."
                : endedAt === undefined
                  ? "Its code has asked for nothing yet."
                  : "It ended without asking for anything."}
          </p>
        ) : null}
      </div>
      {hovered === undefined ? null : <HoverCard hovered={hovered} name={rowName(hovered.row)} now={now} />}
    </section>
  );
}

interface GuidesProps {
  readonly ticks: readonly { readonly x: number }[];
  readonly nowX: number | undefined;
  readonly left: number;
  readonly scale: {
    readonly width: number;
    readonly folds: readonly { readonly x: number; readonly width: number }[];
  };
}

/** Thin lines under the ticks, the folds, and now. */
function Guides({ ticks, nowX, scale, left }: GuidesProps) {
  return (
    <div
      aria-hidden
      className="pointer-events-none absolute inset-y-0 overflow-hidden"
      style={{ left, width: scale.width }}
    >
      {ticks.map(({ x }) => (
        <span key={x} className="absolute inset-y-0 w-px bg-line" style={{ left: x }} />
      ))}
      {scale.folds.map(({ x, width }) => (
        <span
          key={x}
          className="absolute inset-y-0 border-line-strong border-x border-dashed bg-sunken"
          style={{ left: x, width }}
        />
      ))}
      {nowX === undefined ? null : (
        <span
          className="absolute inset-y-0 z-10 w-px bg-accent"
          style={{ transform: `translateX(${nowX}px)` }}
        />
      )}
    </div>
  );
}
