import type { DatabaseSync } from "node:sqlite";
import { type Position, position } from "@downbeat/message-log";
import type { LeftOutEntry } from "../write/left-out.ts";

/** What a cache had read of a partition, and the log does not have any more. */
export interface GonePartition {
  readonly partition: number;
  /** When the log took the last of it, ms since the epoch. */
  readonly upTo: number;
  readonly runIds: readonly string[];
  /** Why the cache can't go on, in a sentence without its stop. Absent: it does, with what the log has now. */
  readonly reason?: string;
  /** Where the partition begins now, if there is anything in it. */
  readonly position: Position | undefined;
}

export function runsOf(db: DatabaseSync, partition: number): string[] {
  return db
    .prepare("SELECT run_id FROM runs WHERE partition = ? ORDER BY updated_at DESC")
    .all(partition)
    .map((row) => String(row.run_id));
}

export function goneEntry({
  partition,
  upTo,
  runIds,
  reason,
  position: begins,
}: GonePartition): LeftOutEntry {
  const runs = runIds.length === 1 ? "1 run" : `${runIds.length} runs`;
  const what = `What had been read of this partition up to ${new Date(upTo).toISOString()}, of ${runs}, is gone from the log`;
  return {
    partition,
    position: begins ?? position(0, 0),
    at: upTo,
    reason:
      reason === undefined
        ? `${what}. They are shown as they were read, and are missing wherever history is read again.`
        : `${what}: ${reason}. Those of them that are not in what it holds now are missing.`,
    runIds,
  };
}
