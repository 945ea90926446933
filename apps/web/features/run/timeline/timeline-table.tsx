// biome-ignore-all lint/a11y/useSemanticElements: only the rows on the screen are there, at places of their own
// biome-ignore-all lint/a11y/useFocusableInteractive: its cells hold what takes the focus
"use client";

import { clsx } from "clsx";
import { CornerDownRight } from "lucide-react";
import { useEffect, useRef } from "react";
import { StatusMark } from "@/components/status-mark.tsx";
import { formatFull } from "@/lib/absolute-time.ts";
import { formatDuration, formatRunningDuration } from "@/lib/duration.ts";
import { formatCount } from "@/lib/number.ts";
import { useVirtualRows } from "@/lib/use-virtual-rows.ts";
import { type Entry, sumOfGroup } from "../model/groups.ts";
import type { UsualOfJobs } from "../model/usual.ts";
import { rowLook, rowName } from "./row-texts.ts";
import { usualWords } from "./usual-words.ts";

interface TimelineTableProps {
  readonly entries: readonly Entry[];
  readonly startedAt: number;
  readonly now: number;
  readonly usual: UsualOfJobs;
  readonly onPath: ReadonlySet<string>;
  readonly selected: string | undefined;
  readonly onSelect: (rowId: string) => void;
  readonly onToggle: (key: string, isOpen: boolean) => void;
}

const rowHeight = 28;
const columns = "grid grid-cols-[minmax(160px,1fr)_120px_110px_96px_150px_80px] gap-x-3";

/** The same lines in words: for those who don't see the picture, and for comparing figures. */
export function TimelineTable(props: TimelineTableProps) {
  const { entries, startedAt, now, usual, onPath, selected, onSelect, onToggle } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const { drawn, total, scrollTo } = useVirtualRows({
    items: entries,
    scroller,
    height: rowHeight,
    keyOf: ({ key }) => key,
    overscan: 8,
  });
  const selectedIndex = entries.findIndex(({ key }) => key === selected);
  useEffect(() => {
    if (selectedIndex >= 0) scrollTo(selectedIndex);
  }, [selectedIndex, scrollTo]);
  return (
    <div
      role="table"
      aria-label="Timeline as a table"
      aria-rowcount={entries.length + 1}
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
      tabIndex={0}
      className="max-h-[42vh] overflow-auto"
    >
      <div role="rowgroup" className="sticky top-0 z-10 min-w-[840px] border-line border-b bg-surface">
        <div role="row" aria-rowindex={1} className={clsx(columns, "px-6 py-1 text-ink-3 text-small")}>
          {["Step", "Status", "Began", "Took", "Usually", "Attempts"].map((name) => (
            <span role="columnheader" key={name}>
              {name}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" className="relative min-w-[840px]" style={{ height: total }}>
        {drawn.map((item) => {
          const entry = entries[item.index];
          if (entry === undefined) return null;
          return (
            <div
              key={item.key}
              role="row"
              aria-rowindex={item.index + 2}
              className={clsx(
                columns,
                "absolute inset-x-0 top-0 items-center px-6",
                entry.key === selected ? "bg-accent-soft" : "hover:bg-hover",
              )}
              style={{ height: rowHeight, transform: `translateY(${item.start}px)` }}
            >
              {entry.kind === "group" ? (
                <GroupCells
                  entry={entry}
                  startedAt={startedAt}
                  now={now}
                  isOnPath={entry.rows.some(({ rowId }) => onPath.has(rowId))}
                  onToggle={onToggle}
                  usual={usual}
                />
              ) : (
                <RowCells
                  entry={entry}
                  startedAt={startedAt}
                  now={now}
                  usual={usual}
                  isOnPath={onPath.has(entry.key)}
                  onSelect={onSelect}
                />
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface CellsProps<Kind extends Entry["kind"]> {
  readonly entry: Extract<Entry, { readonly kind: Kind }>;
  readonly startedAt: number;
  readonly now: number;
  readonly usual: UsualOfJobs;
}

function RowCells(props: CellsProps<"row"> & { isOnPath: boolean; onSelect: (rowId: string) => void }) {
  const { entry, startedAt, now, usual, isOnPath, onSelect } = props;
  const { row, isUndo, isMember } = entry;
  const figures = row.kind === "job" ? usual.get(row.jobType) : undefined;
  return (
    <>
      <span role="cell" className={clsx("flex min-w-0 items-center gap-1.5", isMember && "pl-5")}>
        {isUndo ? <CornerDownRight aria-hidden size={12} className="shrink-0 text-ink-3" /> : null}
        <button
          type="button"
          onClick={() => onSelect(row.rowId)}
          className="truncate rounded text-left hover:underline"
        >
          {rowName(row)}
        </button>
        {isUndo ? <span className="text-ink-3 text-small">undo</span> : null}
        {isOnPath ? <span className="shrink-0 text-accent text-small">critical</span> : null}
      </span>
      <span role="cell">
        <StatusMark look={rowLook(row)} />
      </span>
      <span role="cell" title={formatFull(row.from)}>
        +{formatDuration(row.from - startedAt)}
      </span>
      <span role="cell">
        {row.to === undefined ? formatRunningDuration(now - row.from) : formatDuration(row.to - row.from)}
      </span>
      <span role="cell" className="truncate text-ink-2">
        {row.kind !== "job" || figures === undefined ? "–" : usualWords(row, figures, now).short}
      </span>
      <span role="cell">{row.kind === "job" ? row.attempts.length : "–"}</span>
    </>
  );
}

function GroupCells(
  props: CellsProps<"group"> & { isOnPath: boolean; onToggle: (key: string, isOpen: boolean) => void },
) {
  const { entry, startedAt, now, usual, isOnPath, onToggle } = props;
  const sum = sumOfGroup(entry.rows);
  const figures = usual.get(entry.jobType);
  return (
    <>
      <span role="cell" className="min-w-0 truncate">
        <button
          type="button"
          aria-expanded={entry.isOpen}
          onClick={() => onToggle(entry.key, entry.isOpen)}
          className="rounded text-accent hover:underline"
        >
          {entry.jobType} × {formatCount(sum.count)}
        </button>
        {entry.isUndo ? <span className="text-ink-3 text-small"> undo</span> : null}
        {isOnPath ? <span className="text-accent text-small"> critical</span> : null}
      </span>
      <span role="cell" className="text-ink-2">
        {sum.open === 0 ? `${formatCount(sum.completed)} completed` : `${formatCount(sum.open)} open`}
      </span>
      <span role="cell">+{formatDuration(sum.from - startedAt)}</span>
      <span role="cell">
        {sum.to === undefined ? formatRunningDuration(now - sum.from) : formatDuration(sum.to - sum.from)}
      </span>
      <span role="cell" className="text-ink-2">
        {figures === undefined ? "–" : `each ${formatDuration(figures.p50)}`}
      </span>
      <span role="cell">{sum.retried === 0 ? "–" : `${formatCount(sum.retried)} retried`}</span>
    </>
  );
}
