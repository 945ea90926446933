import type { MessageLog } from "@downbeat/message-log";
import type { LogAddress } from "@downbeat/protocol";
import { openPulsarLog } from "@downbeat/pulsar";

/** The log, by Pulsar's WebSocket protocol: a Pulsar cluster, or the embedded log that an engine serves. */
export function openLog(address: LogAddress, onNotice: (notice: string) => void): MessageLog {
  return openPulsarLog({ ...address, onNotice });
}
