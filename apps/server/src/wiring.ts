import type { MessageLog } from "@downbeat/message-log";
import type { LogAddress } from "@downbeat/protocol";
import { openPulsarLog } from "@downbeat/pulsar";

/** The log that this process runs on: Pulsar's WebSocket protocol, spoken by the embedded log and by a cluster alike. */
export function openLog(address: LogAddress): MessageLog {
  return openPulsarLog(address);
}
