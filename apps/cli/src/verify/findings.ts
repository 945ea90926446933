import type { ChainCounts } from "./chain-check.ts";

export interface PartitionFinding extends ChainCounts {
  /** `tenant/namespace/history-partition-0` */
  readonly partition: string;
}

export interface Findings {
  /** A file, or the address of a log that was read. */
  readonly log: string;
  /** Of all topics that were read. */
  readonly messages: number;
  readonly partitions: readonly PartitionFinding[];
  /** Whether signatures of records were checked. */
  readonly checked: boolean;
  /** What is wrong, a sentence each. */
  readonly problems: readonly string[];
}
