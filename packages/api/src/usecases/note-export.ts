import { z } from "zod";
import type { Context } from "../context.ts";

/** Of what a client makes itself out of pages that it has read. */
export const NoteExport = z.object({
  what: z.literal("history"),
  format: z.enum(["json", "text", "clipboard"]),
  runId: z.string().min(1).max(200),
});

/** @throws ApiError where somebody has as many exports as one may have */
export function mayExport({ exports, actor, now }: Context): void {
  exports.check(actor);
  exports.count(actor, now());
}

/** All there is to do is done by then: it is in the audit. */
export function noteExport(): { readonly noted: true } {
  return { noted: true };
}
