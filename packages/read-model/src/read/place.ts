import type { Position } from "@downbeat/message-log";
import type { KnownLog } from "../known-log.ts";
import { numberOf, textOf } from "../rows.ts";
import type { RunPlace } from "../run-place.ts";
import type { ReadDatabase } from "./database.ts";
import { beginningOf } from "./earlier-reads.ts";
import type { RunHistory } from "./run-history.ts";

/** Where the events are that the history of a run lacks. */
export function placeOf(db: ReadDatabase, { id, fold, steps }: RunHistory): RunPlace | undefined {
  if (id === undefined) return { runId: fold.runId, partition: fold.partition };
  const row = db.get(
    `SELECT r.seq, d.first_published, d.last_published FROM runs r JOIN run_details d ON d.id = r.id
     WHERE r.id = ?`,
    id,
  );
  if (row === undefined) return undefined;
  const kept = steps[0]?.seq;
  // With the first but not the last, it has got stale: all of it is found again.
  const first = kept === 1 ? undefined : kept;
  return {
    runId: fold.runId,
    partition: fold.partition,
    from: numberOf(row, "first_published"),
    to: numberOf(row, "last_published"),
    seq: first === undefined ? numberOf(row, "seq") : first - 1,
  };
}

export function knownLog(db: ReadDatabase, partitions: number): KnownLog {
  if (beginningOf(db)?.ignoredKnown === false) return { partitions };
  const rows = db.all("SELECT partition, position FROM ignored_records");
  return {
    partitions,
    ignored: rows.map((row) => ({
      partition: numberOf(row, "partition"),
      position: textOf(row, "position") as Position,
    })),
  };
}
