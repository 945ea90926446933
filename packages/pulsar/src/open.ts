import type { MessageLog } from "@downbeat/message-log";
import { openPulsarNativeLog, type PulsarNativeOptions } from "./native/native-log.ts";
import { openPulsarWebSocketLog, type PulsarWebSocketOptions } from "./pulsar-log.ts";

export interface PulsarLogOptions extends PulsarWebSocketOptions, Pick<PulsarNativeOptions, "brokerUrl"> {
  /** Default `websocket`, which needs nothing installed and speaks to the embedded log too. */
  readonly client?: "websocket" | "native";
}

/** @throws Error with a sentence that says what to do */
export function openPulsarLog(options: PulsarLogOptions): MessageLog {
  return options.client === "native" ? openPulsarNativeLog(options) : openPulsarWebSocketLog(options);
}
