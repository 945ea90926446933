import { createHash } from "node:crypto";
import { type AcceptCursor, accept } from "@downbeat/domain";
import {
  comparePositions,
  LogError,
  type MessageLog,
  type Position,
  type Reader,
  type ReadFrom,
  type ReceivedMessage,
} from "@downbeat/message-log";
import { readRecord } from "@downbeat/protocol";
import { type Anchor, markOf } from "../write/partitions.ts";

/** The first message of a topic: that of another log is another one, even where positions look alike. */
export interface FirstMessage {
  readonly position: Position;
  readonly digest: string;
  /** When the log took it, ms since the epoch. */
  readonly publishedAt: number;
}

/** What a cache knows of a partition of history. */
export interface KnownPartition {
  /** What it began with when it was looked at last. */
  readonly first: Pick<FirstMessage, "position" | "digest"> | undefined;
  /** Of the last message that was taken. */
  readonly position: Position | undefined;
  readonly anchor: Anchor | undefined;
  readonly cursor: AcceptCursor;
}

export interface Comparison {
  readonly first: FirstMessage | undefined;
  /** Why the cache can't go on with this log, in a sentence without its stop; absent when it can. */
  readonly mismatch?: string;
  /** It can, but nothing of what was read is in the log any more. */
  readonly isCutOff?: true;
}

const messageWithinMs = 5_000;

/**
 * Whether the log still is the one that was read: a partition may have been deleted and made again, cut at its front, or be another log's. A log that was cut off
 * past what was read is gone on with where it follows.
 */
export async function compared(log: MessageLog, topic: string, known: KnownPartition): Promise<Comparison> {
  const message = await messageAfter(log, topic, "earliest");
  const first = message === undefined ? undefined : firstOf(message);
  const mismatch = await whyAnother(log, topic, known, message);
  if (mismatch !== undefined) return { first, mismatch };
  return isBehind(known.position, first) ? { first, isCutOff: true } : { first };
}

async function whyAnother(
  log: MessageLog,
  topic: string,
  { first: begun, position, anchor, cursor }: KnownPartition,
  first: ReceivedMessage | undefined,
): Promise<string | undefined> {
  if (position === undefined) return undefined;
  const end = await log.lastPosition(topic);
  if (end === undefined) return "the log is empty now";
  if (comparePositions(position, end) > 0) return "the log ends before what the cache has read";
  if (begun !== undefined && first !== undefined) {
    const order = comparePositions(first.position, begun.position);
    const isSame = order > 0 || (order === 0 && digestOf(first.payload) === begun.digest);
    if (!isSame) return "the log begins differently now";
  }
  if (!(await knows(log, topic, position))) return "the log does not have what the cache has read";
  if (first !== undefined && isBehind(position, first))
    return follows(cursor, first)
      ? undefined
      : "the log begins after what the cache has read, with what doesn't follow it";
  if (anchor?.position !== position) return undefined;
  const last = await messageAfter(
    log,
    topic,
    anchor.before === undefined ? "earliest" : { after: anchor.before },
  );
  if (last === undefined || (last.position === position && markOf(last) === anchor.mark)) return undefined;
  if (standsFor(position, cursor, last)) return undefined;
  return "the log holds something else where the cache has read last";
}

function isBehind(
  position: Position | undefined,
  first: Pick<FirstMessage, "position"> | undefined,
): boolean {
  return position !== undefined && first !== undefined && comparePositions(first.position, position) > 0;
}

/** What was between may be missing; whose events these were shows in their numbers. */
function follows(cursor: AcceptCursor, first: ReceivedMessage): boolean {
  const record = readRecord(first);
  return !("unreadable" in record) && accept(cursor, record) !== undefined;
}

/** Compaction has put it in the place of what was read and of what came after that. */
function standsFor(position: Position, cursor: AcceptCursor, message: ReceivedMessage): boolean {
  if (comparePositions(message.position, position) < 0) return false;
  const record = readRecord(message);
  const isCompacted =
    !("unreadable" in record) && record.kind === "decisions" && record.ordinal !== undefined;
  return isCompacted && accept(cursor, record) !== undefined;
}

/** `undefined` when nothing comes: retention may have emptied the topic. */
async function messageAfter(
  log: MessageLog,
  topic: string,
  from: ReadFrom,
): Promise<ReceivedMessage | undefined> {
  if ((await log.lastPosition(topic)) === undefined) return undefined;
  const { promise, resolve, reject } = Promise.withResolvers<ReceivedMessage>();
  promise.catch(() => {});
  const reader = await opened(log, topic, from, { onMessage: resolve, onClose: reject });
  if (reader === undefined) return undefined;
  const timer = setTimeout(() => reject(new Error("the message did not come")), messageWithinMs);
  try {
    return await promise;
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
    await reader.close();
  }
}

/** Whether the log has, or had, a message there. A broker may not know, and says yes. */
async function knows(log: MessageLog, topic: string, after: Position): Promise<boolean> {
  const reader = await opened(log, topic, { after }, { onMessage: () => {}, onClose: () => {} });
  await reader?.close();
  return reader !== undefined;
}

/** `undefined` where the log says that it has no such place. */
async function opened(
  log: MessageLog,
  topic: string,
  from: ReadFrom,
  on: { readonly onMessage: (message: ReceivedMessage) => void; readonly onClose: (reason?: Error) => void },
): Promise<Reader | undefined> {
  try {
    return await log.openReader(topic, { from, queueSize: 1, ...on });
  } catch (error) {
    if (error instanceof LogError && error.code === "invalid") return undefined;
    throw error;
  }
}

function firstOf({ position, payload, publishTime }: ReceivedMessage): FirstMessage {
  return { position, digest: digestOf(payload), publishedAt: publishTime };
}

function digestOf(payload: Uint8Array): string {
  return createHash("sha256").update(payload).digest("base64url").slice(0, 22);
}
