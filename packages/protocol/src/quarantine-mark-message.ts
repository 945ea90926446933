import { z } from "zod";
import { parseJson } from "./parse-json.ts";
import { sharedChange } from "./shared-change.ts";

/** What somebody did about an entry. It stays in the quarantine; a later message about the same entry takes this one's place. */
const quarantineMarkMessage = z.object({
  type: z.literal("marked"),
  /** Made from what the entry holds, so that it is the same wherever the quarantine is copied to. */
  entry: z.string().min(1).max(100),
  did: z.discriminatedUnion("what", [
    z.object({ what: z.literal("dropped") }),
    z.object({
      what: z.literal("sentAgain"),
      /** What was sent: its outcome is found by these. */
      command: z.string().min(1).max(100),
      runId: z.string().min(1).max(200),
      actionId: z.string().min(1).max(100),
      /** It was not sent as it had come. */
      edited: z.boolean(),
      /** Of what was sent: only the same may go out under the same action id once more. Absent in what earlier versions wrote. */
      digest: z.string().min(1).max(100).optional(),
    }),
  ]),
  reason: z.string().min(1).max(1_000),
  ...sharedChange,
});

export type QuarantineMarkMessage = z.infer<typeof quarantineMarkMessage>;

export function encodeQuarantineMarkMessage(message: QuarantineMarkMessage): Uint8Array {
  return Buffer.from(JSON.stringify(message));
}

/** `undefined` for bytes that are no such message. */
export function parseQuarantineMarkMessage(bytes: Uint8Array): QuarantineMarkMessage | undefined {
  return parseJson(quarantineMarkMessage, bytes);
}
