import type { MessagePort } from "node:worker_threads";
import type { KeepClosed, RecordKeysFile } from "@downbeat/protocol";
import type { Damage, LogListeners } from "../wiring.ts";
import type { CompactionPass } from "./compaction.ts";

/** What the thread is started with. */
export interface LogThreadData {
  readonly file: string;
  readonly acceptLoss: boolean;
  readonly port: number;
  readonly operatorToken: string;
  /** Of the token that it asks for; absent: it asks for none. */
  readonly tokenFile?: string | undefined;
  readonly tenant: string;
  readonly namespace: string;
  /** Closed runs go after that; absent: never. */
  readonly keepClosed?: KeepClosed | undefined;
  /** Records that compaction puts in the place of others are signed by these keys. */
  readonly recordKeys?: RecordKeysFile | undefined;
  /** The engine's end of these is a log each: as it is delivered, and as everybody else sees it. */
  readonly engine: MessagePort;
  readonly witness: MessagePort;
}

type Trouble = Parameters<LogListeners["onFatal"]>[1];

export type FromLogThread =
  | { readonly type: "open"; readonly url: string }
  | { readonly type: "refused"; readonly message: string }
  | { readonly type: "fatal"; readonly message: string; readonly trouble: Trouble }
  | { readonly type: "notice"; readonly sentence: string }
  | { readonly type: "damaged"; readonly damage: Damage }
  | { readonly type: "full"; readonly is: boolean; readonly sentence: string }
  | { readonly type: "compacted"; readonly pass: CompactionPass }
  | { readonly type: "notCompacted"; readonly reason: string }
  | { readonly type: "closed" };
