import { createHash } from "node:crypto";
import {
  comparePositions,
  LogError,
  type MessageLog,
  type Position,
  type ReceivedMessage,
} from "@downbeat/message-log";

/** The first message of a topic: that of another log is another one, even where positions look alike. */
export interface FirstMessage {
  readonly position: Position;
  readonly digest: string;
  /** When the log took it, ms since the epoch. */
  readonly publishedAt: number;
}

const firstWithinMs = 5_000;

export async function firstMessage(log: MessageLog, topic: string): Promise<FirstMessage | undefined> {
  if ((await log.lastPosition(topic)) === undefined) return undefined;
  const { promise, resolve, reject } = Promise.withResolvers<ReceivedMessage>();
  const reader = await log.openReader(topic, {
    from: "earliest",
    queueSize: 1,
    onMessage: resolve,
    onClose: (reason) => reject(reason ?? new Error("closed")),
  });
  // Retention may have emptied the topic; then nothing comes.
  const timer = setTimeout(() => reject(new Error("the first message did not come")), firstWithinMs);
  try {
    const { position, payload, publishTime } = await promise;
    const digest = createHash("sha256").update(payload).digest("base64url").slice(0, 22);
    return { position, digest, publishedAt: publishTime };
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
    await reader.close();
  }
}

/** Whether the log has, or had, a message there. A broker may not know, and says yes. */
export async function knows(log: MessageLog, topic: string, after: Position): Promise<boolean> {
  try {
    const reader = await log.openReader(topic, { from: { after }, queueSize: 1, onMessage: () => {} });
    await reader.close();
    return true;
  } catch (error) {
    if (error instanceof LogError && error.code === "invalid") return false;
    throw error;
  }
}

/** Why the cache can't belong to this log; `undefined` when it may. */
export function mismatch(
  known: Pick<FirstMessage, "position" | "digest"> | undefined,
  now: FirstMessage | undefined,
  position: Position | undefined,
  end: Position | undefined,
): string | undefined {
  if (position === undefined) return undefined;
  if (end === undefined) return "the log is empty now";
  if (comparePositions(position, end) > 0) return "the log ends before what the cache has read";
  if (known === undefined || now === undefined) return undefined;
  // Retention may have cut the beginning off; then there is nothing to compare.
  if (known.position === now.position && known.digest !== now.digest) return "the log begins differently now";
  return undefined;
}
