import { type AcceptCursor, accept, emptyCursor, type RecordHeader } from "@downbeat/domain";

/**
 * Records of one partition that follow one another in the log, each but the first a decision record built on the one before. None but the last has an id
 * that another record has too, so either all of them count or none does.
 */
export interface Segment {
  readonly partition: number;
  /** Absent: a message that is no record, by itself. */
  readonly head: RecordHeader | undefined;
  readonly lastId: string;
}

/** By partition, after the last record that counts. */
export type Cursors = ReadonlyMap<number, AcceptCursor>;

export interface FoldedSegments<T> {
  readonly cursors: Cursors;
  readonly leftOut: readonly T[];
}

/** The accept rule on the first records of segments, those of each partition in order. */
export function foldSegments<T extends Segment>(before: Cursors, segments: readonly T[]): FoldedSegments<T> {
  const cursors = new Map(before);
  const leftOut: T[] = [];
  for (const segment of segments) {
    const { partition, head, lastId } = segment;
    const cursor = head && accept(cursors.get(partition) ?? emptyCursor, head);
    if (cursor === undefined) leftOut.push(segment);
    else cursors.set(partition, { ...cursor, last: lastId });
  }
  return { cursors, leftOut };
}
