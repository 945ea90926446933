"use client";

import { formatDayAndClock, formatFull, isoTime } from "@/lib/absolute-time.ts";
import { formatDuration, formatRunningDuration } from "@/lib/duration.ts";
import { formatRelative, relativeLimitMs } from "@/lib/relative-time.ts";
import { useNow } from "@/lib/use-now.ts";

/** Relative and ticking while recent; the absolute time with its zone on hover. */
export function TimeAgo({ at, className }: { at: number; className?: string }) {
  const now = useNow(1_000);
  return (
    <time dateTime={isoTime(at)} title={formatFull(at)} className={className}>
      {Math.abs(now - at) < relativeLimitMs ? formatRelative(at, now) : formatDayAndClock(at)}
    </time>
  );
}

/** Until its end, or growing while there is none. */
export function Elapsed({ from, to }: { from: number; to?: number | undefined }) {
  return to === undefined ? <Growing from={from} /> : formatDuration(to - from);
}

function Growing({ from }: { from: number }) {
  const now = useNow(1_000);
  return formatRunningDuration(now - from);
}
