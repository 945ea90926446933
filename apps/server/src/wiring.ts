import type { ColdBeginning, ColdHistory } from "@downbeat/cold-history";
import { openPulsarSql } from "@downbeat/cold-history/pulsar-sql";
import type { MessageLog } from "@downbeat/message-log";
import type { LogAddress } from "@downbeat/protocol";
import { openPulsarLog } from "@downbeat/pulsar";

/** The log that this process runs on: Pulsar's WebSocket protocol, spoken by the embedded log and by a cluster alike. */
export function openLog(address: LogAddress): MessageLog {
  return openPulsarLog(address);
}

/** History that the read model doesn't hold, where there is Pulsar SQL at the address. */
export function openColdHistory(url: string, { tenant, namespace }: LogAddress): ColdHistory & ColdBeginning {
  return openPulsarSql({ url, tenant, namespace });
}
