import { z } from "zod";
import * as f from "./fields.ts";
import { parseJson } from "./parse-json.ts";

export const longestMailProblem = 500;

const basics = {
  boardId: z.string().min(1).max(100),
  /** Tells the e-mail from all others. */
  mailId: z.string().min(1).max(100),
  at: f.time,
};

/** That a board is sent as an e-mail, and what came of it. The first beginning of a moment counts: whoever wrote it sends it. */
const boardMailMessage = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("mailBegun"),
    ...basics,
    /** When it was to be sent. */
    due: f.time,
    /** Who wanted it sent now; absent: its schedule. */
    by: z.string().min(1).max(200).exactOptional(),
    /** How many addresses it goes to. */
    addresses: z.number().int().min(1),
  }),
  z.object({
    type: z.literal("mailEnded"),
    ...basics,
    /** `notSent`: nothing went out, and whoever looks next may begin again. */
    outcome: z.enum(["delivered", "failed", "notSent"]),
    /** Why it wasn't delivered, or to whom not. */
    problem: z.string().max(longestMailProblem).exactOptional(),
  }),
]);

export type BoardMailMessage = z.infer<typeof boardMailMessage>;

export function encodeBoardMailMessage(message: BoardMailMessage): Uint8Array {
  return Buffer.from(JSON.stringify(message));
}

/** `undefined` for bytes that are no such message. */
export function parseBoardMailMessage(bytes: Uint8Array): BoardMailMessage | undefined {
  return parseJson(boardMailMessage, bytes);
}
