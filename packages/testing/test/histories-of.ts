import { emptyCursor } from "@downbeat/domain";
import { type RecordedEvent, readHistory, topics } from "@downbeat/protocol";
import type { Schedule } from "../src/simulation/schedule.ts";

/** What counts of the schedule's first partition, by run. */
export function historiesOf(schedule: Schedule): Map<string, RecordedEvent[]> {
  const histories = new Map<string, RecordedEvent[]>();
  let cursor = emptyCursor;
  for (const message of schedule.log.messages(topics.history(0))) {
    const reading = readHistory(cursor, { ...message, properties: message.properties ?? {} });
    cursor = reading.cursor;
    if (reading.type !== "decisions") continue;
    for (const { runId, seq, events } of reading.record.decisions) {
      if (seq === 0) continue;
      const history = histories.get(runId) ?? [];
      histories.set(runId, history);
      for (const event of events) history.push({ seq: history.length + 1, at: reading.record.at, event });
    }
  }
  return histories;
}
