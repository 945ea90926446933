"use client";

import type { UsualFigures } from "@downbeat/api/views";
import { clsx } from "clsx";
import { CornerDownRight } from "lucide-react";
import { memo } from "react";
import { toneText } from "@/components/tone.ts";
import { formatDuration, formatRunningDuration } from "@/lib/duration.ts";
import type { RowEntry } from "../model/groups.ts";
import { Bar } from "./bar.tsx";
import type { Hovered } from "./hover-card.tsx";
import type { TimelineLayout } from "./layout.ts";
import { attemptsText, rowLook, rowName } from "./row-texts.ts";
import type { TimeScale } from "./scale.ts";
import { segmentsOf } from "./segments.ts";
import { UsualWhisker } from "./usual-whisker.tsx";
import { usualWords } from "./usual-words.ts";

interface TimelineRowProps {
  readonly entry: RowEntry;
  readonly index: number;
  readonly count: number;
  readonly top: number;
  readonly layout: TimelineLayout;
  readonly scale: TimeScale;
  readonly now: number;
  /** How long such jobs take. */
  readonly usual: UsualFigures | undefined;
  readonly isSelected: boolean;
  /** Others are looked at. */
  readonly isDimmed: boolean;
  readonly onSelect: () => void;
  readonly onHover: (hovered: Hovered | undefined) => void;
}

export const TimelineRowView = memo(function TimelineRowView(props: TimelineRowProps) {
  const { entry, index, count, top, layout, scale, now, usual, isSelected, isDimmed } = props;
  const { onSelect, onHover } = props;
  const { row, isUndo, isMember } = entry;
  const look = rowLook(row);
  const Icon = look.icon;
  const attempts = attemptsText(row);
  const elapsed =
    row.to === undefined ? formatRunningDuration(now - row.from) : formatDuration(row.to - row.from);
  const held = row.kind === "job" && usual !== undefined ? usualWords(row, usual, now) : undefined;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the list, which keeps the focus
    <div
      id={`row-${row.rowId}`}
      role="option"
      tabIndex={-1}
      aria-selected={isSelected}
      aria-posinset={index + 1}
      aria-setsize={count}
      onClick={onSelect}
      className={clsx(
        "absolute inset-x-0 top-0 cursor-pointer",
        isSelected ? "bg-accent-soft" : "hover:bg-[color-mix(in_srgb,var(--ink)_4%,transparent)]",
      )}
      style={{ height: layout.rowHeight, transform: `translateY(${top}px)` }}
    >
      <div
        className={clsx("absolute top-0 flex h-7 items-center gap-2 pr-2", isMember && "pl-5")}
        style={{ left: layout.margin, width: layout.labelWidth - (layout.isStacked ? 0 : layout.margin) }}
      >
        {isUndo ? <CornerDownRight aria-hidden size={12} className="-mr-1 shrink-0 text-ink-3" /> : null}
        <Icon aria-hidden size={14} strokeWidth={2.25} className={clsx("shrink-0", toneText[look.tone])} />
        <span className="truncate" title={`${rowName(row)}: ${look.meaning}`}>
          {rowName(row)}
          <span className="sr-only"> {look.word}</span>
        </span>
        {isUndo ? <span className="shrink-0 text-ink-3 text-small">undo</span> : null}
        {attempts === undefined ? null : <span className="shrink-0 text-ink-3 text-small">{attempts}</span>}
      </div>
      <div
        className={clsx("absolute h-7 overflow-hidden", isDimmed && "opacity-30")}
        style={{ top: layout.barTop, left: layout.trackLeft, width: scale.width }}
      >
        {segmentsOf(row, now).map((segment) => {
          const left = scale.x(segment.from);
          const right = scale.x(segment.to);
          if (right < -4 || left > scale.width + 4) return null;
          return (
            <span
              key={`${segment.kind}${segment.from}`}
              onPointerMove={(event) => onHover({ row, segment, x: event.clientX, y: event.clientY })}
              onPointerLeave={() => onHover(undefined)}
            >
              <Bar
                segment={segment}
                left={Math.max(-8, left)}
                width={Math.min(scale.width + 8, right) - Math.max(-8, left)}
                isHatched={isUndo}
              />
            </span>
          );
        })}
        {row.kind === "job" && usual !== undefined ? (
          <UsualWhisker row={row} usual={usual} scale={scale} now={now} />
        ) : null}
        <Marker
          at={row.kind === "timer" ? row.dueAt : row.kind === "signal" ? row.receivedAt : undefined}
          scale={scale}
        />
      </div>
      <span
        className="absolute top-0 flex h-7 items-center justify-end gap-2 whitespace-nowrap text-ink-2 text-small"
        style={{ right: layout.margin, width: layout.durationWidth }}
        title={held?.whole}
      >
        {held?.slow === undefined ? null : (
          <span className="text-failed">
            {held.slow}
            <span className="sr-only"> the usual</span>
          </span>
        )}
        {elapsed}
      </span>
    </div>
  );
});

/** The moment that a wait is about: when it was due, or when the signal came. */
function Marker({ at, scale }: { at: number | undefined; scale: TimeScale }) {
  if (at === undefined || at > scale.to || at < scale.from) return null;
  return (
    <span
      className="-translate-x-1/2 absolute top-[9px] size-2.5 rotate-45 rounded-[2px] border border-waiting bg-surface"
      style={{ left: scale.x(at) }}
    />
  );
}
