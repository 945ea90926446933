import type { ColdBeginning, ColdHistory } from "@downbeat/cold-history";
import { openPulsarSql } from "@downbeat/cold-history/pulsar-sql";
import { checkedLog, type MessageLog } from "@downbeat/message-log";
import { formatNamespaceName, type LogAddress, RecordKeys } from "@downbeat/protocol";
import { openPulsarLog } from "@downbeat/pulsar";

/**
 * The log that this process runs on: Pulsar's WebSocket protocol, spoken by the embedded log and by a cluster alike. Readers of its history check it by the keys.
 */
export function openLog(address: LogAddress): MessageLog {
  const { recordKeys } = address;
  const keys = recordKeys && new RecordKeys(recordKeys).of(formatNamespaceName(address));
  return checkedLog(openPulsarLog(address), keys?.proofOf);
}

/** History that the read model doesn't hold, where there is Pulsar SQL at the address. */
export function openColdHistory(url: string, { tenant, namespace }: LogAddress): ColdHistory & ColdBeginning {
  return openPulsarSql({ url, tenant, namespace });
}
