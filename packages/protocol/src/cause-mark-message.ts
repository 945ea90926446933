import { z } from "zod";
import * as f from "./fields.ts";
import { parseJson } from "./parse-json.ts";
import { sharedChange } from "./shared-change.ts";

export const longestNote = 2_000;
const longestLink = 2_000;

/** An address that a browser may be sent to: a page, and no script. */
export const link = z
  .string()
  .max(longestLink)
  .regex(/^https?:\/\/[^\s\p{C}]+$/u, "an address that begins with https:// or http://");

/**
 * What people say of a cause that stops runs, whole: of the fields, those that are absent are not said any more. A later message about the same cause takes
 * its place.
 */
export const causeMarkMessage = z.object({
  type: z.literal("marked"),
  /** Of the cause. */
  fingerprint: z.string().min(1).max(500),
  ...sharedChange,
  /** What the cause is, for when nothing is left that would tell. */
  about: z.object({ title: z.string().max(200), message: z.string().max(1_000) }),
  /** Nobody is told of it before, ms since the epoch. */
  mutedUntil: f.time.exactOptional(),
  note: z.string().min(1).max(longestNote).exactOptional(),
  ticket: link.exactOptional(),
  /** What was stopped up to this time is dealt with, ms since the epoch. */
  resolvedAt: f.time.exactOptional(),
});

export type CauseMarkMessage = z.infer<typeof causeMarkMessage>;

export function encodeCauseMarkMessage(message: CauseMarkMessage): Uint8Array {
  return Buffer.from(JSON.stringify(message));
}

/** `undefined` for bytes that are no such message. */
export function parseCauseMarkMessage(bytes: Uint8Array): CauseMarkMessage | undefined {
  return parseJson(causeMarkMessage, bytes);
}
