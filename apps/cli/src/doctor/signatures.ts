import { checkedLog, type MessageLog, readRange } from "@downbeat/message-log";
import { type RecordKeys, topics } from "@downbeat/protocol";
import type { Finding } from "../wiring.ts";

const lookBackMs = 3_600_000;
const mostRecords = 500;

interface Looked {
  readonly log: MessageLog;
  /** `tenant/namespace` */
  readonly namespace: string;
  readonly keys: RecordKeys;
}

/** Whether the records of the last hour are signed, and by which keys: of each partition as many as are quickly looked at. */
export async function signatures({ log: unchecked, namespace, keys }: Looked): Promise<Finding> {
  const log = checkedLog(unchecked, keys.of(namespace).proofOf);
  const byKey = new Map<string, number>();
  let unsigned = 0;
  let forged = 0;
  const partitions = await log.partitionsOf("history");
  for (let partition = 0; partition < partitions; partition++) {
    const topic = topics.history(partition);
    const to = await log.lastPosition(topic);
    const after = await log.positionAt(topic, Date.now() - lookBackMs);
    if (to === undefined || after === undefined || after === to) continue;
    let seen = 0;
    await readRange(log, topic, { from: { after }, to }, ({ proof }) => {
      if (proof?.is === "signed") byKey.set(proof.keyId, (byKey.get(proof.keyId) ?? 0) + 1);
      else if (proof?.is === "unsigned") unsigned += 1;
      else forged += 1;
      seen += 1;
      return seen >= mostRecords;
    });
  }
  const signed = Array.from(byKey, ([id, count]) => `${count} by ${id}`).join(", ");
  const found = `of the records of the last hour that were looked at, ${signed === "" ? "none is signed" : `are signed ${signed}`}; ${unsigned} are not signed, and ${forged} are signed by no key of the file`;
  const signs =
    keys.signingId === undefined
      ? "no key of the file signs, so engines that are started with it check only"
      : `engines that are started with the file sign with ${keys.signingId}`;
  if (forged > 0)
    return {
      id: "signatures",
      severity: "error",
      found,
      means: `${forged} records don't count for whoever has these keys; ${signs}`,
      mend: "give every engine and server the same keys, new ones before they sign; if they have them, find out who else can write to history",
    };
  return {
    id: "signatures",
    severity: unsigned > 0 && keys.signingId !== undefined ? "warning" : "note",
    found,
    means: signs,
    mend: "nothing, unless that is not as it was meant: docs/security.md has the order",
  };
}
