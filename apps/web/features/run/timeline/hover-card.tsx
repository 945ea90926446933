"use client";

import type { TimelineRow, UsualFigures } from "@downbeat/api/views";
import { failureWords } from "@downbeat/domain";
import { createPortal } from "react-dom";
import { formatClockMs, formatFull } from "@/lib/absolute-time.ts";
import { formatDuration } from "@/lib/duration.ts";
import { shownText } from "@/lib/shown-text.ts";
import type { Segment } from "./segments.ts";

export interface Hovered {
  readonly row: TimelineRow;
  readonly segment: Segment;
  readonly x: number;
  readonly y: number;
}

interface HoverCardProps {
  /** What is pointed at; nothing: there is no card. */
  readonly hovered: Hovered | undefined;
  readonly name: string;
  readonly now: number;
  /** How long such jobs take. */
  readonly usual: UsualFigures | undefined;
}

const cardWidth = 300;

/** Names the durations and times of what is pointed at. */
export function HoverCard({ hovered, name, now, usual }: HoverCardProps) {
  if (hovered === undefined) return null;
  const { segment, x, y } = hovered;
  const left = Math.min(x + 14, window.innerWidth - cardWidth - 12);
  const below = y < window.innerHeight - 160;
  return createPortal(
    <div
      aria-hidden
      className="pointer-events-none fixed z-50 rounded-lg border border-line bg-raised px-3 py-2 shadow-raised"
      style={{
        left,
        width: cardWidth,
        ...(below ? { top: y + 18 } : { bottom: window.innerHeight - y + 12 }),
      }}
    >
      <p className="font-strong">
        {name} <span className="font-normal text-ink-2">· {titleOf(segment)}</span>
      </p>
      <dl className="mt-1 grid grid-cols-[64px_1fr] gap-x-2 text-small">
        <Fact
          name={segment.isOpen ? "So far" : "Took"}
          value={formatDuration((segment.isOpen ? now : segment.to) - segment.from)}
        />
        <Fact name="From" value={formatFull(segment.from)} />
        {segment.isOpen ? null : <Fact name="To" value={formatClockMs(segment.to)} />}
        {segment.isOpen && segment.to > now ? <Fact name="Until" value={formatFull(segment.to)} /> : null}
        {usual === undefined ? null : (
          <Fact
            name="Usually"
            value={`${formatDuration(usual.p50)}, 95 of 100 within ${formatDuration(usual.p95)}`}
          />
        )}
        {segment.attempt?.worker === undefined ? null : <Fact name="Worker" value={segment.attempt.worker} />}
      </dl>
      {segment.attempt?.failure === undefined ? null : (
        <p className="mt-1 line-clamp-3 text-failed text-small">
          {shownText(failureWords(segment.attempt.failure))}
        </p>
      )}
    </div>,
    document.body,
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt className="text-ink-3">{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function titleOf({ kind, attempt, isOpen }: Segment): string {
  switch (kind) {
    case "attempt":
      return `attempt ${attempt?.attempt ?? ""} ${outcomeWord(attempt?.outcome, isOpen)}`;
    case "queued":
      return isOpen ? `attempt ${attempt?.attempt ?? ""} waits for a worker` : "waited for a worker";
    case "backOff":
      return "pause before the next attempt";
    case "wait":
      return isOpen ? "waits" : "waited";
    case "stuck":
      return "waits for a person";
  }
}

function outcomeWord(outcome: string | undefined, isOpen: boolean): string {
  switch (outcome) {
    case undefined:
      return isOpen ? "at work" : "without an outcome";
    case "timedOut":
      return "ran out of time";
    case "rejected":
      return "was refused";
    default:
      return outcome;
  }
}
