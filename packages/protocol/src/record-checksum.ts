import { crc32 } from "node:zlib";

/** Properties that the message of a history record carries. */
export interface RecordProperties {
  /** The record's id: what is left of it when its text can't be read any more. */
  readonly id: string;
  /** {@link recordChecksum} of the payload. Absent in records of older engines. */
  readonly crc: string;
}

/** CRC-32 (as in ISO 3309 and zlib) of a record's bytes, eight hexadecimal digits. */
export function recordChecksum(bytes: Uint8Array): string {
  return crc32(bytes).toString(16).padStart(8, "0");
}

export function recordProperties(id: string, payload: Uint8Array): RecordProperties {
  return { id, crc: recordChecksum(payload) };
}
