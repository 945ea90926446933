import type { KeepClosed, LogAddress } from "@downbeat/protocol";
import type { BackfillPart, Flushed, ProjectionStatus } from "@downbeat/read-model";
import type { Freshness } from "@downbeat/read-model/views";

export interface ThreadData {
  readonly log: LogAddress;
  /** The cache file. */
  readonly path: string;
  readonly hotWindowMs: number;
  readonly keepClosed?: KeepClosed | undefined;
  readonly beginsWithHotWindow: boolean;
}

export interface ThreadState {
  readonly generation: string;
  readonly change: number;
  readonly freshness: Freshness;
  readonly status: ProjectionStatus;
}

/** What the projection's thread tells the server's. */
export type FromThread =
  | { readonly type: "opened"; readonly state: ThreadState }
  | { readonly type: "notOpened"; readonly reason: "inUse" | "other"; readonly message: string }
  | { readonly type: "flushed"; readonly flushed: Flushed; readonly state: ThreadState }
  | { readonly type: "state"; readonly state: ThreadState }
  | { readonly type: "rebuilt"; readonly reason: string; readonly state: ThreadState }
  | { readonly type: "backfilled"; readonly id: number; readonly state: ThreadState }
  | { readonly type: "notice"; readonly sentence: string }
  | { readonly type: "failed"; readonly message: string };

export type ToThread =
  | { readonly type: "close" }
  | { readonly type: "backfill"; readonly id: number; readonly part: BackfillPart };
