import { hash } from "node:crypto";

/** From 0 to 1 (not included), evenly spread, from the name alone. */
export function randomNumber(name: string): number {
  const bytes = hash("sha1", name, "buffer");
  return (bytes.readUInt32BE(0) * 0x20_0000 + (bytes.readUInt32BE(4) >>> 11)) / 2 ** 53;
}

// Any fixed UUID would do; RFC 9562 asks that names of one kind share one.
const namespace = Buffer.from("6f1a3c0e8d5b4f7a9c2e1b0d4a8f6e37", "hex");

/** A version 5 UUID (RFC 9562) of the name. */
export function namedUuid(name: string): string {
  const bytes = hash("sha1", Buffer.concat([namespace, Buffer.from(name)]), "buffer");
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString("hex", 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
