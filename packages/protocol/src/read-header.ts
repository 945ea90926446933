import type { RecordHeader } from "@downbeat/domain";
import { acceptedHeader } from "./history-record.ts";
import { damageOf, type HistoryMessage } from "./record-damage.ts";

const separator = Buffer.from(',"decisions":[');

/** What decides whether a record counts, without looking at what was decided: `undefined` for what is damaged, or no record. */
export function readHeader(message: HistoryMessage): RecordHeader | undefined {
  if (damageOf(message) !== undefined || message.proof?.is === "forged") return undefined;
  const header = headerOf(message.payload);
  const { proof } = message;
  return header === undefined || proof === undefined
    ? header
    : { ...header, isSigned: proof.is === "signed" };
}

function headerOf(payload: Uint8Array): RecordHeader | undefined {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  // Engines write the header first, and no text inside of it can hold this: there, quotes are escaped.
  const end = bytes.indexOf(separator);
  return (end < 0 ? undefined : parse(`${bytes.toString("utf8", 0, end)}}`)) ?? parse(bytes.toString("utf8"));
}

function parse(text: string): RecordHeader | undefined {
  try {
    return acceptedHeader.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
