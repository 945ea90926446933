import type { Clock } from "@downbeat/message-log";
import type { SignInOptions } from "./sign-in.ts";

/** What every way to a cluster needs to know. */
export interface PulsarOptions extends SignInOptions {
  /** The WebSocket service: `ws://host:8080` or `wss://…` */
  readonly serviceUrl: string;
  /** Default: the service URL over HTTP. */
  readonly adminUrl?: string;
  readonly tenant?: string;
  readonly namespace?: string;
  /** Told once what a person should know and nothing fails of. */
  readonly onNotice?: (notice: string) => void;
  readonly clock?: Clock;
}
