import { z } from "zod";
import * as f from "./fields.ts";

/** A message, or part of one, that could not be taken, kept for a person to look at. */
export const quarantineMessage = z.object({
  topic: z.string(),
  position: z.string(),
  /** Cut at 1,000 characters. */
  reason: z.string(),
  /** The text as it came, cut at 100,000 characters. */
  text: z.string(),
  at: f.time,
});

export type QuarantineMessage = z.infer<typeof quarantineMessage>;

export function encodeQuarantineMessage(message: QuarantineMessage): Uint8Array {
  const { reason, text } = message;
  return Buffer.from(
    JSON.stringify({ ...message, reason: reason.slice(0, 1_000), text: text.slice(0, 100_000) }),
  );
}

export function parseQuarantineMessage(bytes: Uint8Array): QuarantineMessage | undefined {
  try {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
    return quarantineMessage.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
