import { setTimeout as sleep } from "node:timers/promises";
import { partitionOf } from "@downbeat/domain";
import { encodeHistoryRecord, parseHistoryRecord, topics } from "@downbeat/protocol";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { syntheticHistory } from "../../packages/read-model/src/test/synthetic-history.ts";

export interface SqlHistoryOptions {
  readonly pulsar: string;
  readonly namespace: string;
  readonly partitions: number;
  /** At least so many, over all partitions. */
  readonly events: number;
  /** Beginning of its runs' ids. */
  readonly prefix: string;
  /** Not faster than in so many seconds. Default: as fast as the log takes it. */
  readonly seconds?: number;
}

export interface WrittenHistory {
  readonly events: number;
  readonly records: number;
  /** The log took all of it between these times, ms since the epoch. */
  readonly from: number;
  readonly to: number;
}

const inFlight = 400;
const day = 86_400_000;
/** Of the synthetic mix. */
export const eventsOfRun = 15;

/** A day of bookings in much less time; each record says the time at which it was written. */
export async function writeSqlHistory(options: SqlHistoryOptions): Promise<WrittenHistory> {
  const { pulsar, namespace, partitions, prefix } = options;
  const log = openPulsarWebSocketLog({ serviceUrl: pulsar, tenant: "public", namespace });
  const from = Date.now();
  try {
    const written = await Promise.all(
      Array.from({ length: partitions }, async (_, partition) => {
        const producer = await log.openProducer(topics.history(partition));
        const runIds = runIdsOf(partition, partitions, prefix);
        const messages = syntheticHistory({
          runs: Math.ceil(options.events / partitions / eventsOfRun),
          from,
          to: from + day,
          runIdOf: (run) => runIds(run),
        });
        let events = 0;
        let records = 0;
        const pending = new Set<Promise<unknown>>();
        for (const message of messages) {
          const record = parseHistoryRecord(message.payload);
          if (record === undefined) throw new Error("A synthetic record is no record.");
          if (record.kind === "decisions")
            events += record.decisions.reduce((sum, decision) => sum + decision.events.length, 0);
          records++;
          const due = from + (((options.seconds ?? 0) * 1_000 * events) / options.events) * partitions;
          if (due > Date.now()) await sleep(due - Date.now());
          const payload = encodeHistoryRecord({ ...record, at: Date.now() });
          const sent = producer.send({ payload }).finally(() => pending.delete(sent));
          pending.add(sent);
          if (pending.size >= inFlight) await Promise.race(pending);
        }
        await Promise.all(pending);
        return { events, records };
      }),
    );
    const events = written.reduce((sum, each) => sum + each.events, 0);
    const records = written.reduce((sum, each) => sum + each.records, 0);
    return { events, records, from, to: Date.now() };
  } finally {
    await log.close();
  }
}

/** Ids of runs that live in the partition. */
function runIdsOf(partition: number, partitions: number, prefix: string): (run: number) => string {
  const found: string[] = [];
  let next = 0;
  return (run) => {
    for (; found.length <= run; next++) {
      const runId = `${prefix}-${next}`;
      if (partitionOf(runId, partitions) === partition) found.push(runId);
    }
    return found[run] ?? "";
  };
}
