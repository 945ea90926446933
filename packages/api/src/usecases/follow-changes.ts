import type { Context } from "../context.ts";
import { freshnessNow } from "../freshness.ts";
import { decodeLiveCursor, encodeLiveCursor, type LiveCursor } from "../live/event-id.ts";
import { sleep, WakeUp } from "../live/wake-up.ts";
import type { LiveChange } from "../views.ts";

export interface FollowChanges {
  /** Its new events are sent too. */
  readonly runId?: string | undefined;
  readonly afterSeq?: number | undefined;
  /** Of the last change that was received. */
  readonly lastEventId?: string | null | undefined;
}

/** At most ten pushes a second, at least one every other second: how fresh the page is is news too. */
const shortestGapMs = 100;
const longestGapMs = 2_000;
const mostRuns = 200;
const mostEvents = 500;

/** What changes from now on, or since the last change that was received. Ends when the signal does. */
export async function* followChanges(
  context: Context,
  { runId, afterSeq, lastEventId }: FollowChanges,
): AsyncGenerator<[id: string, change: LiveChange], void, void> {
  const { feed, signal } = context;
  const resumed =
    lastEventId === undefined || lastEventId === null ? undefined : decodeLiveCursor(lastEventId);
  let cursor: LiveCursor | undefined = resumed && {
    ...resumed,
    seq: Math.max(resumed.seq, afterSeq ?? 0),
  };
  const isNew = lastEventId === undefined || lastEventId === null;
  if (isNew) cursor = { generation: feed.generation, change: feed.change, seq: afterSeq ?? 0 };
  const wakeUp = new WakeUp();
  const stop = feed.onFlushed(() => wakeUp.signal());
  try {
    while (signal?.aborted !== true) {
      const { next, change, isFull } = changeSince(context, runId, cursor, afterSeq ?? 0);
      cursor = next;
      yield [encodeLiveCursor(next), change];
      await sleep(shortestGapMs, signal);
      if (!isFull) await wakeUp.wait(longestGapMs - shortestGapMs, signal);
    }
  } finally {
    stop();
  }
}

function changeSince(
  { feed, readModel, live, earlier }: Context,
  runId: string | undefined,
  cursor: LiveCursor | undefined,
  afterSeq: number,
): { next: LiveCursor; change: LiveChange; isFull: boolean } {
  const { generation, change } = feed;
  const changed = cursor?.generation === generation ? live.changedSince(cursor.change) : undefined;
  const seq = cursor?.generation === generation ? cursor.seq : afterSeq;
  const events = runId === undefined ? [] : readModel.eventsSince(runId, seq, mostEvents);
  return {
    next: { generation, change, seq: events.at(-1)?.seq ?? seq },
    change: {
      ...(changed === undefined && { refresh: true }),
      runs: readModel.summaries(changed?.slice(0, mostRuns) ?? []),
      more: changed === undefined || changed.length > mostRuns,
      events,
      ...live.totals(),
      freshness: freshnessNow({ feed, earlier }),
    },
    isFull: events.length === mostEvents,
  };
}
