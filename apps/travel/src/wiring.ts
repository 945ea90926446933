import type { MessageLog } from "@downbeat/message-log";
import { logAddress } from "@downbeat/protocol";
import { openPulsarLog } from "@downbeat/pulsar";
import type { Env } from "./env.ts";

/** The log, by Pulsar's WebSocket protocol: a Pulsar cluster, or the embedded log that an engine serves. */
export function openLog(env: Env): MessageLog {
  return openPulsarLog(logAddress(env));
}
