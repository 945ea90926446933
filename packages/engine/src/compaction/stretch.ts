import type { AcceptCursor } from "@downbeat/domain";
import type { Position, ReceivedMessage } from "@downbeat/message-log";
import {
  encodeCompacted,
  followedBy,
  type RecordLink,
  readHistory,
  recordLink,
  recordProperties,
  type SignedLink,
} from "@downbeat/protocol";

/** Messages of a history partition that are looked at together. The last one stays, whatever is removed before it. */
export interface Stretch {
  /** The last message before it. */
  readonly after: Position;
  /** The accept rule's, there. */
  readonly cursor: AcceptCursor;
  readonly last: Position;
}

/** A message to be put in the place of the one that is stored there, and of those after `after` and before it. */
export interface CompactedMessage {
  readonly position: Position;
  readonly after: Position;
  readonly payload: Uint8Array;
  readonly properties: Readonly<Record<string, string>>;
}

/** What stays of a record: its parts that do, and whether they tell of anything but runs that are removed. */
export interface Remains {
  readonly parts: readonly unknown[];
  readonly isChanged: boolean;
  readonly tells: boolean;
  /** Its last part is the one that it had. */
  readonly endsAsBefore: boolean;
}

/** What is left of a run must be found at a glance: bytes of the parts of one record. */
const mostBytes = 200_000;

/** Records that tell of nothing any more, one built on the other. */
interface Group {
  readonly first: RecordLink;
  last: RecordLink;
  ordinal: number;
  position: Position;
  readonly parts: unknown[];
  readonly isSigned: boolean;
  bytes: number;
  records: number;
  isChanged: boolean;
  /** What counts for nothing stands behind it. */
  isFollowed: boolean;
}

/**
 * Says what to put in the place of the messages of a stretch, in their order. What can't be read stays as it is, and so do claims: chains hang on them. What
 * stands for signed records is signed, and nothing else: what was written before engines signed would count no more after it.
 *
 * @param sign of a log whose records are checked
 */
export function compactStretch(
  stretch: Stretch,
  messages: readonly ReceivedMessage[],
  remainsOf: (parts: readonly unknown[], link: RecordLink, position: Position) => Remains,
  sign?: (link: SignedLink, payload: Uint8Array) => Readonly<Record<string, string>>,
): CompactedMessage[] {
  const compacted: CompactedMessage[] = [];
  let { cursor, after } = stretch;
  /** Messages after `after` that count for nothing and go with the next that stays. */
  let goes = false;
  let group: Group | undefined;

  const put = (position: Position, link: RecordLink, payload: Uint8Array, isSigned: boolean): void => {
    const { id } = link;
    const signature = isSigned ? sign?.({ id, follows: followedBy(link) }, payload) : undefined;
    compacted.push({
      position,
      after,
      payload,
      properties: { ...recordProperties(id, payload), ...signature },
    });
    after = position;
    goes = false;
  };
  const closeGroup = (): void => {
    if (group === undefined) return;
    const { first, last, ordinal, position, parts, isSigned, records, isChanged, isFollowed } = group;
    group = undefined;
    const { partsLeft: _, ...link } = { ...last, prev: first.prev, ordinal };
    if (records > 1 || isChanged || goes) put(position, link, encodeCompacted(link, parts), isSigned);
    after = position;
    goes = isFollowed;
  };

  for (const message of messages) {
    const { position, payload } = message;
    const reading = readHistory(cursor, message);
    cursor = reading.cursor;
    if (reading.type === "leftOut" && reading.cause === "notCounted") {
      if (group === undefined) goes = true;
      else group.isFollowed = true;
      continue;
    }
    const record = reading.type === "decisions" ? recordLink(payload) : undefined;
    if (record === undefined) {
      closeGroup();
      after = position;
      goes = false;
      continue;
    }
    const { link } = record;
    const isSigned = reading.type === "decisions" && reading.record.isSigned === true;
    const { parts, isChanged, tells, endsAsBefore } = remainsOf(record.parts, link, position);
    if (tells) {
      closeGroup();
      if (isChanged || goes) {
        const { partsLeft, ...rest } = { ...link, ordinal: cursor.count };
        const unfinished = partsLeft !== undefined && endsAsBefore;
        put(position, link, encodeCompacted({ ...rest, ...(unfinished && { partsLeft }) }, parts), isSigned);
      }
      after = position;
      goes = false;
      continue;
    }
    const bytes = JSON.stringify(parts).length;
    const isApart = group?.last.claimId !== link.claimId || group.isSigned !== isSigned;
    if (group !== undefined && (isApart || group.bytes + bytes > mostBytes)) closeGroup();
    group ??= {
      first: link,
      last: link,
      ordinal: 0,
      position,
      parts: [],
      isSigned,
      bytes: 0,
      records: 0,
      isChanged: false,
      isFollowed: false,
    };
    group.last = link;
    group.ordinal = cursor.count;
    group.position = position;
    group.parts.push(...parts);
    group.bytes += bytes;
    group.records += 1;
    group.isChanged ||= isChanged;
    group.isFollowed = false;
  }
  closeGroup();
  return compacted;
}
