import { type AcceptCursor, emptyCursor, type RunEvent } from "@downbeat/domain";
import type { MessageLog } from "@downbeat/message-log";
import { readHistory, topics } from "@downbeat/protocol";
import { readAll } from "./history-check.ts";

export interface TimedEvent {
  /** The time in history, ms since the epoch. */
  readonly at: number;
  readonly event: RunEvent;
}

/** The events that count, of every run, in their order. */
export async function eventsOfRuns(log: MessageLog): Promise<Map<string, TimedEvent[]>> {
  const runs = new Map<string, TimedEvent[]>();
  const partitions = await log.partitionsOf("history");
  for (let partition = 0; partition < partitions; partition++) {
    let cursor: AcceptCursor = emptyCursor;
    await readAll(log, topics.history(partition), (message) => {
      const reading = readHistory(cursor, message);
      cursor = reading.cursor;
      if (reading.type !== "decisions") return;
      for (const { runId, events } of reading.record.decisions) {
        const all = runs.get(runId) ?? [];
        runs.set(runId, all);
        for (const event of events) all.push({ at: reading.record.at, event });
      }
    });
  }
  return runs;
}
