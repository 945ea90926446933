"use client";

import { clsx } from "clsx";
import { ChevronDown, ChevronRight } from "lucide-react";
import { useMemo } from "react";
import { formatDuration, formatRunningDuration } from "@/lib/duration.ts";
import { formatCount } from "@/lib/number.ts";
import { type GroupEntry, sumOfGroup } from "../model/groups.ts";
import { profileOf, profilePath } from "../model/profile.ts";
import { measuredAttempt, slowness, type UsualOfJobs } from "../model/usual.ts";
import type { TimelineLayout } from "./layout.ts";
import type { TimeScale } from "./scale.ts";
import { segmentsOf } from "./segments.ts";

interface GroupRowProps {
  readonly entry: GroupEntry;
  readonly index: number;
  readonly count: number;
  readonly top: number;
  readonly layout: TimelineLayout;
  readonly scale: TimeScale;
  readonly now: number;
  readonly usual: UsualOfJobs;
  readonly isActive: boolean;
  readonly isDimmed: boolean;
  readonly onToggle: () => void;
}

const barHeight = 16;

/** Many equal rows in one: how many were at work at each moment. */
export function GroupRow(props: GroupRowProps) {
  const { entry, index, count, top, layout, scale, now, usual, isActive, isDimmed, onToggle } = props;
  const { key, rows, jobType, isUndo, isOpen } = entry;
  const sum = useMemo(() => sumOfGroup(rows), [rows]);
  // Of jobs that are over, nothing moves: their part is not made again at every tick.
  const isStill = sum.open === 0;
  const until = isStill ? (sum.to ?? now) : now;
  const profile = useMemo(() => {
    const segments = rows.flatMap((row) => segmentsOf(row, until).filter(({ kind }) => kind !== "backOff"));
    return profileOf(segments, scale);
  }, [rows, scale, until]);
  const failed = useMemo(
    () =>
      rows.flatMap(({ attempts }) =>
        attempts.flatMap(({ failure, endedAt }) =>
          failure === undefined || endedAt === undefined ? [] : [endedAt],
        ),
      ),
    [rows],
  );
  const figures = usual.get(jobType);
  const slow = useMemo(() => {
    if (figures === undefined) return 0;
    return rows.filter((row) => {
      const measured = measuredAttempt(row, until);
      return measured !== undefined && slowness(measured.to - measured.from, figures) !== undefined;
    }).length;
  }, [rows, figures, until]);
  const elapsed = isStill
    ? formatDuration((sum.to ?? now) - sum.from)
    : formatRunningDuration(now - sum.from);
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  const said = [
    sum.open > 0 ? `${formatCount(sum.count - sum.open)} done` : "",
    sum.retried > 0 ? `${formatCount(sum.retried)} retried` : "",
    isMoreThanUsual(slow, sum.count) ? `${formatCount(slow)} slow` : "",
  ].filter(Boolean);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the list, which keeps the focus
    <div
      id={`row-${key}`}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      aria-posinset={index + 1}
      aria-setsize={count}
      onClick={onToggle}
      className={clsx(
        "absolute inset-x-0 top-0 cursor-pointer",
        isActive ? "bg-accent-soft" : "hover:bg-[color-mix(in_srgb,var(--ink)_4%,transparent)]",
      )}
      style={{ height: layout.rowHeight, transform: `translateY(${top}px)` }}
    >
      <div
        className="absolute top-0 flex h-7 items-center gap-2 pr-2"
        style={{ left: layout.margin, width: layout.labelWidth - (layout.isStacked ? 0 : layout.margin) }}
      >
        <Chevron aria-hidden size={14} className="shrink-0 text-ink-3" />
        <span className="truncate" title={jobType}>
          {jobType}
        </span>
        <span className="shrink-0 font-strong">× {formatCount(sum.count)}</span>
        {isUndo ? <span className="shrink-0 text-ink-3 text-small">undo</span> : null}
        {said.length === 0 ? null : (
          <span className="truncate text-ink-3 text-small" title={said.join(", ")}>
            {said.join(", ")}
          </span>
        )}
        <span className="sr-only">{isOpen ? "Enter closes the group" : "Enter opens the group"}</span>
      </div>
      <div
        className={clsx("absolute h-7 overflow-hidden", isDimmed && "opacity-30")}
        style={{ top: layout.barTop, left: layout.trackLeft, width: scale.width }}
        title={`At most ${formatCount(profile.most)} at once`}
      >
        <svg
          aria-hidden
          width={scale.width}
          height={barHeight}
          className={clsx("absolute top-1.5", isStill ? "fill-bar-completed" : "fill-running")}
        >
          <path d={profilePath(profile, barHeight)} />
        </svg>
        {marksAt(failed, scale).map((x) => (
          <span key={x} className="absolute top-[23px] h-1 w-0.5 bg-bar-failed" style={{ left: x }} />
        ))}
      </div>
      <span
        className="absolute top-0 flex h-7 items-center justify-end whitespace-nowrap text-ink-2 text-small"
        style={{ right: layout.margin, width: layout.durationWidth }}
      >
        {elapsed}
      </span>
    </div>
  );
}

/** Of any many, five in a hundred take longer than 95 in a hundred do. */
function isMoreThanUsual(slow: number, count: number): boolean {
  return slow > count / 10;
}

/** Where attempts failed, one mark a place. */
function marksAt(times: readonly number[], scale: TimeScale): readonly number[] {
  const places = new Set<number>();
  for (const at of times) {
    const x = Math.round(scale.x(at) / 3) * 3;
    if (x >= 0 && x <= scale.width) places.add(x);
  }
  return [...places];
}
