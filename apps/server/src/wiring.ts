import type { MessageLog } from "@downbeat/message-log";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import type { Env } from "./env.ts";

export type LogAddress = Pick<Env, "logUrl" | "tenant" | "namespace">;

/** The log that this process runs on: Pulsar's WebSocket protocol, spoken by the embedded log and by a cluster alike. */
export function openLog({ logUrl, tenant, namespace }: LogAddress): MessageLog {
  return openPulsarWebSocketLog({ serviceUrl: logUrl, tenant, namespace });
}
