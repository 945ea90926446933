import { z } from "zod";
import * as f from "./fields.ts";
import { parseJson } from "./parse-json.ts";

/** Bytes of UTF-8. */
export const longestQuery = 20_000;
export const longestQueryName = 100;

const basics = {
  id: z.string().min(1).max(100),
  by: z.string().min(1).max(200),
  at: f.time,
  /** The version of the query that whoever sends this has seen, 0 for a new one: if another came in between, nothing is changed. Absent in messages of before, which count always. */
  replaces: z.number().int().min(0).exactOptional(),
  /** Tells the message from all others, so that its sender knows whether it counted. */
  changeId: z.string().min(1).max(100).exactOptional(),
};

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
  return parseJson(savedQueryMessage, bytes);
}
