import type { AttemptView, JobRow, TimelineRow } from "@downbeat/api/views";
import { known } from "../../../lib/known.ts";
import type { Tone } from "../../../lib/status.ts";

/**
 * A piece of a row:
 * - `attempt`: someone works
 * - `queued`: requested, nobody has started yet
 * - `backOff`: the pause between two attempts, a thin line
 * - `wait`: a timer or a signal is waited for
 * - `stuck`: waits for a person
 */
export interface Segment {
  readonly kind: "attempt" | "queued" | "backOff" | "wait" | "stuck";
  readonly from: number;
  readonly to: number;
  readonly tone: Tone;
  /** Still going on: ends at now, and grows. */
  readonly isOpen: boolean;
  readonly attempt?: AttemptView;
}

const toneOfOutcome: Readonly<Record<NonNullable<AttemptView["outcome"]>, Tone>> = {
  completed: "completed",
  rejected: "failed",
  failed: "failed",
  timedOut: "failed",
  cancelled: "ended",
};

export function segmentsOf(row: TimelineRow, now: number): readonly Segment[] {
  if (row.kind === "job") return jobSegments(row, now);
  const isOpen = row.to === undefined;
  return [{ kind: "wait", from: row.from, to: row.to ?? Math.max(now, row.from), tone: "waiting", isOpen }];
}

function jobSegments(row: JobRow, now: number): readonly Segment[] {
  const segments: Segment[] = [];
  const limit = row.to ?? Math.max(now, row.from);
  row.attempts.forEach((attempt, index) => {
    const { requestedAt, endedAt } = attempt;
    const next = row.attempts[index + 1];
    const isOpen = endedAt === undefined && row.to === undefined;
    const end = endedAt ?? limit;
    // A result reports its start too; without either, an attempt that ended is drawn as worked on from its request.
    const startedAt = attempt.startedAt ?? (endedAt === undefined ? undefined : requestedAt);
    const workFrom = startedAt === undefined ? end : Math.min(end, Math.max(requestedAt, startedAt));
    if (workFrom > requestedAt || startedAt === undefined)
      segments.push({
        kind: "queued",
        from: requestedAt,
        to: workFrom,
        tone: startedAt === undefined && isOpen ? "waiting" : toneOf(attempt, isOpen),
        isOpen: isOpen && startedAt === undefined,
        attempt,
      });
    if (startedAt !== undefined)
      segments.push({
        kind: "attempt",
        from: workFrom,
        to: end,
        tone: toneOf(attempt, isOpen),
        isOpen,
        attempt,
      });
    if (endedAt === undefined) return;
    if (next !== undefined)
      segments.push({ kind: "backOff", from: endedAt, to: next.requestedAt, tone: "waiting", isOpen: false });
    else if (row.status === "backingOff")
      segments.push({
        kind: "backOff",
        from: endedAt,
        to: row.to ?? Math.max(limit, row.retryAt ?? 0),
        tone: "waiting",
        isOpen: row.to === undefined,
      });
    else if (row.status === "stuck")
      segments.push({ kind: "stuck", from: endedAt, to: limit, tone: "stuck", isOpen: row.to === undefined });
    else if (row.to !== undefined && row.to > endedAt)
      // Stuck in between, then completed or cancelled by a person.
      segments.push({ kind: "backOff", from: endedAt, to: row.to, tone: "waiting", isOpen: false });
  });
  return segments;
}

/** An attempt without an outcome is at work only as long as its job is open. */
function toneOf({ outcome }: AttemptView, isOpen: boolean): Tone {
  if (outcome === undefined) return isOpen ? "running" : "ended";
  return known(toneOfOutcome, outcome) ?? "ended";
}
