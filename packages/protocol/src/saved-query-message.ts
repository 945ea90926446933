import { z } from "zod";
import * as f from "./fields.ts";

/** Bytes of UTF-8. */
export const longestQuery = 20_000;
export const longestQueryName = 100;

const basics = { id: z.string().min(1).max(100), by: z.string().min(1).max(200), at: f.time };

/** A query that somebody wants to find again. A later message of the same id takes its place. */
export const savedQueryMessage = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("saved"),
    ...basics,
    name: z.string().min(1).max(longestQueryName),
    /** Which kind of source it is written for: their dialects differ. */
    source: z.string().min(1).max(100),
    sql: z.string().min(1).max(longestQuery),
  }),
  z.object({ type: z.literal("deleted"), ...basics }),
]);

export type SavedQueryMessage = z.infer<typeof savedQueryMessage>;

export function encodeSavedQueryMessage(message: SavedQueryMessage): Uint8Array {
  return Buffer.from(JSON.stringify(message));
}

/** `undefined` for bytes that are no such message. */
export function parseSavedQueryMessage(bytes: Uint8Array): SavedQueryMessage | undefined {
  try {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
    return savedQueryMessage.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
