import { topics } from "@downbeat/protocol";

/** `partition` of the quarantine topic in the tables. */
export const quarantinePartition = -1;

/** The topic that the tables know by this number. */
export function topicOf(partition: number): string {
  return partition === quarantinePartition ? topics.quarantine : topics.history(partition);
}
