import type { CommitBatch, CompactedRow, StoredRows, StoredState } from "./batch.ts";
import type { StorageTrouble } from "./storage-error.ts";

export type Request = { readonly id: number } /** Without a batch: the last one again. */ & (
  | { readonly type: "commit"; readonly batch?: CommitBatch }
  | {
      readonly type: "read";
      readonly topic: number;
      readonly from: number;
      readonly to: number;
      readonly limit: number;
      readonly maxBytes: number;
    }
  | { readonly type: "fetch"; readonly topic: number; readonly entries: readonly number[] }
  | { readonly type: "count"; readonly topic: number; readonly from: number; readonly to: number }
  | { readonly type: "compact"; readonly topic: number; readonly rows: readonly CompactedRow[] }
  | { readonly type: "backUp"; readonly file: string }
  | { readonly type: "close" }
);

export type Reply =
  | { readonly type: "opened"; readonly state: StoredState }
  | { readonly type: "refused"; readonly message: string; readonly explained: boolean }
  | Unasked
  | Answer;

/** The file can't be used any more. */
export interface Unasked {
  readonly type: "broken";
  readonly trouble: StorageTrouble;
  readonly message: string;
}

export type Answer = { readonly id: number } & (
  | { readonly type: "done" }
  | { readonly type: "rows"; readonly rows: StoredRows }
  | { readonly type: "count"; readonly count: number }
  | { readonly type: "failed"; readonly trouble: StorageTrouble; readonly message: string }
);
