import { recordChecksum } from "./record-checksum.ts";
import type { RecordProof } from "./record-proof.ts";

export interface HistoryMessage {
  readonly payload: Uint8Array;
  readonly properties?: Readonly<Record<string, string>>;
  /** Where this process has keys: see `RecordKeys`. */
  readonly proof?: RecordProof;
}

export interface DatedMessage extends HistoryMessage {
  /** When the log took it, ms since the epoch. */
  readonly publishTime: number;
}

/** Set by a log that holds the message and can't read it whole; the value says what is wrong. The log's port has the same constant. */
const damagedProperty = "downbeat.damaged";

/** Why the message is not what was written, in a sentence without its stop. */
export function damageOf({ payload, properties, proof }: HistoryMessage): string | undefined {
  const said = properties?.[damagedProperty];
  if (said !== undefined) return `it is damaged: ${said.replace(/\.$/, "")}`;
  const crc = properties?.crc;
  if (crc !== undefined && crc !== recordChecksum(payload))
    return "it is damaged: its checksum is not that of what was written";
  return proof?.is === "altered" ? "it is damaged: it is not what was signed" : undefined;
}
