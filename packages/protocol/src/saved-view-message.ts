import { z } from "zod";
import { parseJson } from "./parse-json.ts";
import { sharedChange } from "./shared-change.ts";

export const longestViewName = 100;
/** Characters of the address after its `?`. */
export const longestViewQuery = 4_000;

/** Lists of which views are saved, by their place in an address. */
export const viewedLists = ["runs", "timers", "owed"] as const;

/** A column that is shown, and how wide it was made, in CSS pixels. */
export const viewedColumn = z.object({
  id: z.string().min(1).max(60),
  width: z.number().int().min(20).max(4_000).exactOptional(),
});

const basics = {
  id: z.string().min(1).max(100),
  ...sharedChange,
};

/** How somebody looks at a list. A later message of the same id takes its place. */
const savedViewMessage = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("saved"),
    ...basics,
    name: z.string().min(1).max(longestViewName),
    list: z.enum(viewedLists),
    /** Filter and order, as an address of the dashboard has them. */
    query: z.string().max(longestViewQuery),
    /** In this order; absent: as the list has them by itself. */
    columns: z.array(viewedColumn).min(1).max(60).exactOptional(),
    /** Whose it is alone; absent: everybody's. */
    owner: z.string().min(1).max(200).exactOptional(),
  }),
  z.object({ type: z.literal("deleted"), ...basics }),
]);

export type SavedViewMessage = z.infer<typeof savedViewMessage>;

export function encodeSavedViewMessage(message: SavedViewMessage): Uint8Array {
  return Buffer.from(JSON.stringify(message));
}

/** `undefined` for bytes that are no such message. */
export function parseSavedViewMessage(bytes: Uint8Array): SavedViewMessage | undefined {
  return parseJson(savedViewMessage, bytes);
}
