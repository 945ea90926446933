import { emptyCursor, partitionOf } from "@downbeat/domain";
import type { MessageLog } from "@downbeat/message-log";
import { readHistory, recordProperties, topics } from "@downbeat/protocol";

/** One run's part of a record, whatever it says. */
export interface ForgedDecision {
  readonly runId: string;
  readonly seq: number;
  readonly events: readonly unknown[];
  /** Of the record; absent for the first. */
  readonly format?: number;
}

/** Appends a record that counts and that no engine would write, as if its partition's owner had. Nobody else may be writing to the partition meanwhile. */
export async function forgeHistory(log: MessageLog, { format, ...decision }: ForgedDecision): Promise<void> {
  const topic = topics.history(partitionOf(decision.runId, await log.partitionsOf("history")));
  const { last, claim, epoch } = await cursorOf(log, topic);
  const record = {
    kind: "decisions",
    id: crypto.randomUUID(),
    prev: last,
    claimId: claim,
    epoch,
    ...(format !== undefined && { format }),
    at: Date.now(),
    dispatchedUpTo: 0,
    decisions: [{ workflow: "", inputId: "forged", ...decision }],
  };
  const payload = Buffer.from(JSON.stringify(record));
  const producer = await log.openProducer(topic);
  await producer.send({ payload, properties: { ...recordProperties(record.id, payload) } });
  await producer.close();
}

/** After everything that the topic holds. */
async function cursorOf(log: MessageLog, topic: string): Promise<ReturnType<typeof readHistory>["cursor"]> {
  const end = await log.lastPosition(topic);
  let cursor = emptyCursor;
  if (end === undefined) return cursor;
  const { promise, resolve } = Promise.withResolvers<void>();
  const reader = await log.openReader(topic, {
    from: "earliest",
    onMessage(message) {
      cursor = readHistory(cursor, message).cursor;
      if (message.position === end) resolve();
    },
  });
  await promise;
  await reader.close();
  return cursor;
}
