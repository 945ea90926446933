import { type AcceptCursor, accept, emptyCursor } from "@downbeat/domain";
import type { MessageLog } from "@downbeat/message-log";
import { parseHistoryRecord, topics } from "@downbeat/protocol";
import { partitions, type Report } from "./stage.ts";

/** Reads all that was recorded, as somebody who knows nothing: each record can be read, counts, and goes on where its run was. */
export async function checkHistory(log: MessageLog, report: Report): Promise<void> {
  for (let partition = 0; partition < partitions; partition++) await checkPartition(log, partition, report);
}

async function checkPartition(log: MessageLog, partition: number, report: Report): Promise<void> {
  const topic = topics.history(partition);
  const end = await log.lastPosition(topic);
  if (end === undefined) return;
  const seqs = new Map<string, number>();
  let cursor: AcceptCursor = emptyCursor;
  await new Promise<void>((resolve, reject) => {
    log
      .openReader(topic, {
        from: "earliest",
        onMessage: ({ payload, position }) => {
          const record = parseHistoryRecord(payload);
          const next = record === undefined ? undefined : accept(cursor, record);
          if (record === undefined || next === undefined) {
            const why = record === undefined ? "can't be read" : "does not count";
            const text = Buffer.from(payload).toString("utf8").slice(0, 400);
            report({ kind: "record", what: `Record ${position} of ${topic} ${why}: ${text}` });
          } else {
            cursor = next;
            for (const decision of record.kind === "claim" ? [] : record.decisions) {
              if (decision.seq === 0) continue;
              const last = seqs.get(decision.runId) ?? 0;
              if (decision.seq !== last + 1)
                report({ kind: "record", what: `${decision.runId}: ${decision.seq} follows ${last}` });
              seqs.set(decision.runId, decision.seq + decision.events.length - 1);
            }
          }
          if (position === end) resolve();
        },
      })
      .catch(reject);
  });
}
