import { numberOf, textOf } from "../rows.ts";
import type { ReadDatabase } from "./database.ts";

/** How far a partition of history has been read. */
export interface ReadPartition {
  readonly partition: number;
  /** Who claimed it last; empty: nobody did, as far as was read. */
  readonly owner: string;
  /** Number of that claim. */
  readonly epoch: number;
  /** Of the last message that was read. */
  readonly position: string;
  /** When the log took it, ms since the epoch. */
  readonly publishedAt: number;
}

export function readPartitions(db: ReadDatabase): ReadPartition[] {
  return db
    .all(
      "SELECT partition, owner, epoch, position, published_at FROM partitions WHERE partition >= 0 ORDER BY partition",
    )
    .map((row) => ({
      partition: numberOf(row, "partition"),
      owner: textOf(row, "owner"),
      epoch: numberOf(row, "epoch"),
      position: textOf(row, "position"),
      publishedAt: numberOf(row, "published_at"),
    }));
}
