import type { Clock, MessageLog } from "@downbeat/message-log";
import { isReadPast, subscriptions, topics } from "@downbeat/protocol";
import { within } from "../within.ts";
import type { HistoryFollower } from "./history-follower.ts";

export interface Followed {
  readonly log: MessageLog;
  readonly clock: Clock;
  readonly partition: number;
  readonly follower: HistoryFollower;
}

/**
 * Resolves with `true` once it is sure that all which was in the engine's inbox when this was called is decided or was taken out, and that what was decided was
 * read here. `false` when what is waited for came first. Where the log does not say what a subscription holds, it never resolves with `true`.
 *
 * @param awaited settles when what is waited for has come, or is not waited for any more
 * @param everyMs how often the log is asked, from so long after the call on
 */
export async function readPastInbox(
  { log, clock, partition, follower }: Followed,
  awaited: Promise<unknown>,
  everyMs: number,
): Promise<boolean> {
  const calledAt = clock.now();
  const unreadBefore = follower.unreadable;
  let wasPast = false;
  while (!(await within(clock, everyMs, awaited))) {
    const backlog = await log.backlogOf(topics.inbox(partition), subscriptions.engine).catch(() => undefined);
    const isPast = isReadPast(backlog, calledAt);
    // An embedded log says what is acknowledged a moment before it, and the decision before it, are durable: so it is asked twice.
    const isSure = isPast && wasPast;
    wasPast = isPast;
    if (!isSure) continue;
    // If there is a decision, it is no further than here.
    const end = await log.lastPosition(topics.history(partition)).catch(() => "unknown" as const);
    if (end === "unknown" || !follower.hasRead(end)) continue;
    // What is waited for may stand in what could not be read.
    if (follower.unreadable > unreadBefore) continue;
    return !(await within(clock, 0, awaited));
  }
  return false;
}
