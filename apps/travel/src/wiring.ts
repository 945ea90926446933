import type { MessageLog } from "@downbeat/message-log";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import type { Env } from "./env.ts";

/** The log, by Pulsar's WebSocket protocol: a Pulsar cluster, or the embedded log that an engine serves. */
export function openLog(env: Env): MessageLog {
  return openPulsarWebSocketLog({
    serviceUrl: env.DOWNBEAT_LOG_URL,
    tenant: env.DOWNBEAT_TENANT,
    namespace: env.DOWNBEAT_NAMESPACE,
  });
}
