import type { Clock, MessageLog } from "@downbeat/message-log";
import { isReadPast, subscriptions, topics } from "@downbeat/protocol";
import { within } from "../within.ts";
import type { HistoryFollower } from "./history-follower.ts";

/** How often the log is asked, from so long after the receipt on. */
const askEveryMs = 5_000;

interface Sent {
  readonly log: MessageLog;
  readonly clock: Clock;
  readonly partition: number;
  readonly follower: HistoryFollower;
  /** Settles when the command is answered, or not waited for any more. */
  readonly answered: Promise<unknown>;
}

/**
 * Resolves with `true` once it is sure that a command whose receipt has just come will not be answered: the engine's subscription has read past it, and
 * all of history up to then was read here and holds no answer. So it goes when somebody skips the inbox's backlog, or sets its cursor ahead. `false` when
 * it was answered. Where the log does not say what a subscription holds, it never resolves with `true`.
 */
export async function isLost(sent: Sent): Promise<boolean> {
  const { log, clock, partition, follower, answered } = sent;
  const receiptAt = clock.now();
  const unreadBefore = follower.unreadable;
  let wasPast = false;
  while (!(await within(clock, askEveryMs, answered))) {
    const backlog = await log.backlogOf(topics.inbox(partition), subscriptions.engine).catch(() => undefined);
    const isPast = isReadPast(backlog, receiptAt);
    // An embedded log says what is acknowledged a moment before it, and the decision before it, are durable: so it is asked twice.
    const isSure = isPast && wasPast;
    wasPast = isPast;
    if (!isSure) continue;
    // If there is a decision, it is no further than here.
    const end = await log.lastPosition(topics.history(partition)).catch(() => "unknown" as const);
    if (end === "unknown" || !follower.hasRead(end)) continue;
    // The answer may stand in what could not be read.
    if (follower.unreadable > unreadBefore) continue;
    return !(await within(clock, 0, answered));
  }
  return false;
}
