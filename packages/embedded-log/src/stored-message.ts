import type { ReceivedMessage } from "@downbeat/message-log";

/**
 * A message as the log keeps it in memory. It *is* what consumers and readers get on a first delivery, so the hot path
 * builds one object per message, whatever the number of those who receive it.
 */
export interface StoredMessage extends ReceivedMessage {
  /** Number within the topic, from 0, without gaps over the life of the file. */
  readonly entry: number;
  readonly deliverAt?: number;
  readonly redeliveryCount: 0;
  /** So many entries before it were compacted away: it stands for them too. */
  readonly covers?: number;
}

/** Rough size, for the memory budget. */
export function weightOf(message: StoredMessage): number {
  return message.payload.byteLength + 200;
}
