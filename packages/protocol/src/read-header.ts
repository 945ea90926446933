import type { RecordHeader } from "@downbeat/domain";
import { z } from "zod";

const id = z.string().min(1).max(200);
const epoch = z.number().int().min(1);
const header = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("claim"), id, epoch, owner: z.string() }),
  z.object({ kind: z.literal("decisions"), id, prev: id, claimId: id, epoch: epoch.exactOptional() }),
]);

const separator = Buffer.from(',"decisions":[');

/** What decides whether a record counts, without looking at what was decided: `undefined` for bytes that are no record. */
export function readHeader(payload: Uint8Array): RecordHeader | undefined {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  // Engines write the header first, and no text inside of it can hold this: there, quotes are escaped.
  const end = bytes.indexOf(separator);
  return (end < 0 ? undefined : parse(`${bytes.toString("utf8", 0, end)}}`)) ?? parse(bytes.toString("utf8"));
}

function parse(text: string): RecordHeader | undefined {
  try {
    return header.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
