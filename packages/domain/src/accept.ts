/**
 * The accept rule of a history partition: which of its records count. Every reader of history (engine, dashboard, clean-up
 * of Pulsar SQL) uses this one function, so a zombie's record is ignored by all of them, forever.
 *
 * (R1) A claim counts if its epoch is the next one. Where nothing has counted yet any epoch will do: what was before may have been cut off.
 * (R2) A decision record counts if its `prev` is the id of the last record that counted.
 * (R3) Where nothing has counted yet, a decision record counts too if it says its claim's epoch: the claim was cut off, and is known from it. Until a
 * claim counts, a record of a later epoch takes its place: the one before was a zombie's.
 * (R4) A message that nobody can read any more is known by its id. The record that builds on it says whether it counted: it did if that record is
 * of the claim that counts, or says that the unreadable message was its claim and the next one.
 * (R5) A record that compaction wrote stands for records that counted, and says how many had counted after them. It counts if it is of the claim that
 * counts, also for who has read some of what it stands for and not the rest. A signed one must be ahead of what counted, or a copy of it would count again.
 * (R6) Where a reader can tell whether an engine has signed a record, one that isn't signed counts only until the first counts that is: then it is nobody's,
 * a claim too. From then on a message without a name doesn't let an older record count again: what builds on it has a later time (R4).
 *
 * What breaks without it: rule 1 of docs/architecture.md.
 */
export interface AcceptCursor {
  readonly epoch: number;
  /** Id of the last record that counted, a claim's or a decision record's; empty before the first claim. */
  readonly last: string;
  /** Who owned the partition when the last record counted; empty where the claim was cut off or can't be read. */
  readonly owner: string;
  /** How many records counted so far, claims included: the ordinal that `dispatchedUpTo` speaks of. */
  readonly count: number;
  /** Id of the claim that counts. Absent in cursors of older versions. */
  readonly claim?: string;
  /** R3: the claim was cut off, so a later epoch takes its place. */
  readonly isFront?: boolean;
  /** R4: ids of messages since the last record that counted which can't be read, the oldest first. */
  readonly unreadable?: readonly string[];
  /** R6: time of the newest signed record that counted, ms since the epoch; absent as long as none has. */
  readonly signedAt?: number;
  /** Latest time of those that counted, as it is believed, ms since the epoch. Absent before the first, and in cursors of older versions. */
  readonly at?: number;
}

export interface Signedness {
  /** Whether it is signed, where the reader has the keys to tell. What is signed wrongly is no record. */
  readonly isSigned?: boolean;
  /** ms since the epoch */
  readonly at?: number;
}

interface ClaimHeader extends Signedness {
  readonly kind: "claim";
  readonly id: string;
  readonly epoch: number;
  readonly owner: string;
}

interface DecisionsHeader extends Signedness {
  readonly kind: "decisions";
  readonly id: string;
  readonly prev: string;
  readonly claimId: string;
  /** Of its claim. Absent in records of older engines. */
  readonly epoch?: number;
  /** R5: compaction wrote it; `count` after it, from the beginning of the partition. */
  readonly ordinal?: number;
}

export type RecordHeader = ClaimHeader | DecisionsHeader;

export const emptyCursor: AcceptCursor = { epoch: 0, last: "", owner: "", count: 0 };

/** Beyond it an epoch is no engine's; so many more fit into a safe integer that a partition never runs out of them. */
export const highestEpoch = 2 ** 40;

/** Beyond it compaction wrote no ordinal; so many more fit into a safe integer that no count of records runs out of them. */
export const highestOrdinal = 2 ** 48;

/** Kept at most: more unreadable messages in a row are a lost stretch, whose runs are found out by their missing events. */
const mostUnreadable = 100;

/** The cursor after the record, or `undefined` when the record does not count. */
export function accept(cursor: AcceptCursor, record: RecordHeader): AcceptCursor | undefined {
  if (isUnsigned(cursor, record)) return undefined;
  const next = acceptLinked(cursor, record);
  if (next === undefined || (cursor.signedAt === undefined && record.isSigned !== true)) return next;
  return { ...next, signedAt: Math.max(cursor.signedAt ?? 0, record.at ?? 0) };
}

/** R6: it is not signed where records are. */
export function isUnsigned(cursor: AcceptCursor, { isSigned }: Signedness): boolean {
  return cursor.signedAt !== undefined && isSigned === false;
}

function acceptLinked(cursor: AcceptCursor, record: RecordHeader): AcceptCursor | undefined {
  if (record.kind === "claim") {
    const isNext = record.epoch === cursor.epoch + 1 || (isEmpty(cursor) && record.epoch <= highestEpoch);
    // A front may be a zombie's, so a claim that is further on is believed over it.
    const isLater = cursor.isFront === true && record.epoch > cursor.epoch && record.epoch <= highestEpoch;
    if (!isNext && !isLater) return undefined;
    const { id, epoch, owner } = record;
    return { epoch, last: id, owner, count: cursor.count + 1, claim: id };
  }
  if (record.ordinal !== undefined && record.ordinal > highestOrdinal) return undefined;
  const next = acceptDecisions(cursor, record);
  return next === undefined || record.ordinal === undefined ? next : { ...next, count: record.ordinal };
}

function acceptDecisions(cursor: AcceptCursor, record: DecisionsHeader): AcceptCursor | undefined {
  const { id, prev, claimId, epoch } = record;
  if (!isEmpty(cursor) && (prev === cursor.last || isOfItsClaim(cursor, record))) {
    const { unreadable: _, ...rest } = cursor;
    return { ...rest, last: id, count: cursor.count + 1 };
  }
  return acceptAfterUnreadable(cursor, record) ?? acceptFront(cursor, { id, claimId, epoch });
}

/** R5 */
function isOfItsClaim(cursor: AcceptCursor, record: DecisionsHeader): boolean {
  const { claimId, epoch, ordinal, isSigned, at = 0 } = record;
  if (ordinal === undefined) return false;
  // Who began in the midst doesn't know how many counted before, so the time is asked too. Without signatures, what can't be read may make the count too high.
  if (isSigned === true && (ordinal <= cursor.count || at < (cursor.signedAt ?? 0))) return false;
  return cursor.claim === undefined ? epoch === cursor.epoch : claimId === cursor.claim;
}

/** Nothing has counted yet. A cursor in the midst of a log doesn't know how many did, so `count` doesn't say. */
function isEmpty(cursor: AcceptCursor): boolean {
  return cursor.epoch === 0;
}

/** Takes note of a message that can't be read, by the id that its sender gave it; empty where not even that is left. */
export function noteUnreadable(cursor: AcceptCursor, id: string): AcceptCursor {
  return { ...cursor, unreadable: [...(cursor.unreadable ?? []), id].slice(-mostUnreadable) };
}

function acceptAfterUnreadable(
  cursor: AcceptCursor,
  { id, prev, claimId, epoch, at = 0 }: DecisionsHeader,
): AcceptCursor | undefined {
  const { unreadable = [], ...rest } = cursor;
  const hasNameless = unreadable.includes("") && (cursor.signedAt === undefined || at > cursor.signedAt);
  const index = hasNameless ? unreadable.length - 1 : unreadable.indexOf(prev);
  if (index < 0) return undefined;
  const count = cursor.count + index + 2;
  if (claimId === cursor.claim) return { ...rest, last: id, count };
  // The claim itself is among what can't be read, with what its owner decided first.
  const isLost = unreadable.includes(claimId) || (hasNameless && prev === claimId);
  const isNextClaim = isLost && (epoch === cursor.epoch + 1 || isEmpty(cursor));
  if (!isNextClaim || epoch === undefined || epoch > highestEpoch) return undefined;
  return { epoch, last: id, owner: "", count, claim: claimId };
}

function acceptFront(
  cursor: AcceptCursor,
  { id, claimId, epoch }: { id: string; claimId: string; epoch: number | undefined },
): AcceptCursor | undefined {
  if (epoch === undefined || epoch > highestEpoch) return undefined;
  if (!isEmpty(cursor) && !(cursor.isFront === true && epoch > cursor.epoch)) return undefined;
  return { epoch, last: id, owner: "", count: cursor.count + 1, claim: claimId, isFront: true };
}
