import { z } from "zod";

/** Of keys in a file that the server need not have. */
export const NoteErasure = z.object({
  /** A label and its value: whose payloads nobody can read any more. */
  subject: z.string().min(3).max(300),
  keys: z.array(z.string().min(1).max(40)).min(1).max(1_000),
  reason: z.string().min(1).max(1_000),
});

/** All there is to do is done by then: it is in the audit. */
export function noteErasure(): { readonly noted: true } {
  return { noted: true };
}
