import {
  checkedLog,
  LogError,
  type MessageLog,
  type ReceivedMessage,
  readRange,
} from "@downbeat/message-log";
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
  await lookAtLast(log, ({ proof }) => {
    if (proof?.is === "signed") byKey.set(proof.keyId, (byKey.get(proof.keyId) ?? 0) + 1);
    else if (proof?.is === "unsigned") unsigned += 1;
    else forged += 1;
  });
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

/** Nothing, unless records of the last hour are signed: whoever has no keys then should know. */
export async function uncheckedSignatures(log: MessageLog): Promise<readonly Finding[]> {
  let signed = 0;
  try {
    await lookAtLast(log, ({ properties }) => {
      if (properties.mac !== undefined) signed += 1;
    });
  } catch (error) {
    if (!(error instanceof LogError)) throw error;
    return [
      {
        id: "signatures",
        severity: "unseen",
        found: `records of history can't be read here: ${error.message}`,
        means: "whether they are signed is not known",
        mend: "nothing, unless they are meant to be: then have these credentials consume the history topics",
      },
    ];
  }
  if (signed === 0) return [];
  return [
    {
      id: "signatures",
      severity: "warning",
      found: `of the records of the last hour that were looked at, ${signed} are signed, and no keys were given to check them by`,
      means:
        "a server without keys shows what somebody forged as what happened, and an engine without them decides nothing",
      mend: "give every engine and server the file of keys (DOWNBEAT_RECORD_KEYS_FILE); here, --record-keys has them checked",
    },
  ];
}

/** Of each partition as many records of the last hour as are quickly looked at. */
async function lookAtLast(log: MessageLog, onRecord: (message: ReceivedMessage) => void): Promise<void> {
  const partitions = await log.partitionsOf("history");
  for (let partition = 0; partition < partitions; partition++) {
    const topic = topics.history(partition);
    const to = await log.lastPosition(topic);
    const after = await log.positionAt(topic, Date.now() - lookBackMs);
    if (to === undefined || after === undefined || after === to) continue;
    let seen = 0;
    await readRange(log, topic, { from: { after }, to }, (message) => {
      onRecord(message);
      seen += 1;
      return seen >= mostRecords;
    });
  }
}
