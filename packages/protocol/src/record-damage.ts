import { recordChecksum } from "./record-checksum.ts";

export interface HistoryMessage {
  readonly payload: Uint8Array;
  readonly properties?: Readonly<Record<string, string>>;
}

/** Set by a log that holds the message and can't read it whole; the value says what is wrong. The log's port has the same constant. */
const damagedProperty = "downbeat.damaged";

/** Why the message is not what was written, in a sentence without its stop. */
export function damageOf({ payload, properties }: HistoryMessage): string | undefined {
  const said = properties?.[damagedProperty];
  if (said !== undefined) return `it is damaged: ${said.replace(/\.$/, "")}`;
  const crc = properties?.crc;
  if (crc === undefined || crc === recordChecksum(payload)) return undefined;
  return "it is damaged: its checksum is not that of what was written";
}
