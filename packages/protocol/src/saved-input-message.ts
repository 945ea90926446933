import { z } from "zod";
import * as f from "./fields.ts";
import { parseJson } from "./parse-json.ts";
import { sharedChange } from "./shared-change.ts";

export const longestInputName = 100;
/** Bytes of UTF-8. All that are saved are in every server's memory. */
export const longestSavedInput = 65_536;

const basics = {
  id: z.string().min(1).max(100),
  ...sharedChange,
};

/**
 * What somebody starts runs of a workflow with again and again. A later message of the same id takes its place. It stands in the topic of saved views, whose
 * readers pass over kinds of messages that they don't know.
 */
const savedInputMessage = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("inputSaved"),
    ...basics,
    name: z.string().min(1).max(longestInputName),
    workflow: f.name,
    /** JSON text, as it was typed. What is personal in it is masked already. */
    input: z.string().min(1).max(longestSavedInput),
    /** Whose it is alone; absent: everybody's. */
    owner: z.string().min(1).max(200).exactOptional(),
  }),
  z.object({ type: z.literal("inputDeleted"), ...basics }),
]);

export type SavedInputMessage = z.infer<typeof savedInputMessage>;

export function encodeSavedInputMessage(message: SavedInputMessage): Uint8Array {
  return Buffer.from(JSON.stringify(message));
}

/** `undefined` for bytes that are no such message. */
export function parseSavedInputMessage(bytes: Uint8Array): SavedInputMessage | undefined {
  return parseJson(savedInputMessage, bytes);
}
