import { isMainThread } from "node:worker_threads";
import type { MessageLog } from "@downbeat/message-log";
import { openPulsarNativeLog, type PulsarNativeOptions } from "./native/native-log.ts";
import { openPulsarWebSocketLog, type PulsarWebSocketOptions } from "./pulsar-log.ts";

export interface PulsarLogOptions extends PulsarWebSocketOptions, Pick<PulsarNativeOptions, "brokerUrl"> {
  /** Default `websocket`, which needs nothing installed and speaks to the embedded log too. */
  readonly client?: "websocket" | "native";
}

/**
 * The native client works in one thread of a process. Threads (the server has one that reads) get the WebSocket client, whatever is asked for.
 *
 * @throws Error with a sentence that says what to do
 */
export function openPulsarLog(options: PulsarLogOptions): MessageLog {
  const isNative = options.client === "native" && isMainThread;
  return isNative ? openPulsarNativeLog(options) : openPulsarWebSocketLog(options);
}
