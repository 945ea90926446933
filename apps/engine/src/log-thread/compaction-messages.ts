import type { MessagePort } from "node:worker_threads";
import type { CompactedMessage } from "@downbeat/engine/compaction";
import type { RecordKeysFile } from "@downbeat/protocol";

/** A history partition. */
export interface HistoryTopic {
  readonly tenant: string;
  readonly namespace: string;
  readonly topic: string;
}

/** What the thread is started with. */
export interface CompactionThreadData {
  /** With an end of the log for each. */
  readonly work: readonly (HistoryTopic & { readonly port: MessagePort })[];
  /** See `HistoryCompactionOptions`. */
  readonly endedBefore: number;
  readonly forgottenBefore: number;
  readonly recordKeys?: RecordKeysFile | undefined;
}

export type FromCompactionThread =
  | {
      readonly type: "compact";
      readonly id: number;
      readonly topic: HistoryTopic;
      readonly messages: readonly CompactedMessage[];
    }
  | {
      readonly type: "done";
      readonly pass: { readonly runs: number; readonly records: number; readonly bytes: number };
    }
  | { readonly type: "failed"; readonly message: string };

export interface ToCompactionThread {
  readonly id: number;
  readonly error?: string;
}
