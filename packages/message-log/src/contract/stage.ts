import type { MessageLog, Topic } from "../message-log.ts";

export interface ContractSubject {
  readonly log: MessageLog;
  /** Closes the log and opens the same one again. */
  readonly reopen?: () => Promise<MessageLog>;
  /** The log's own clock. Default: this process's. */
  readonly now?: () => number;
  /** A payload of so many bytes is taken, one twice as large is not. Default 700 KiB. */
  readonly maxPayloadBytes?: number;
  close(): Promise<void>;
}

/** What a case works with. */
export interface Stage {
  readonly log: MessageLog;
  now(): number;
  readonly maxPayloadBytes: number;
  /** A topic no other case uses. */
  topic(): Topic;
  reopen(): Promise<void>;
}

export interface ContractCase {
  readonly name: string;
  readonly run: (stage: Stage) => Promise<void>;
}
