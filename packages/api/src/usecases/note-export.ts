import { z } from "zod";

export const NoteExport = z.object({
  /** What is taken along: `runs`, `audit`. */
  what: z.string().regex(/^[a-zA-Z][a-zA-Z -]{0,49}$/, "letters, spaces and -, at most 50"),
  format: z.string().regex(/^[a-z]{1,10}$/, "csv, json and the like"),
  runId: z.string().min(1).max(200).optional(),
  /** Of which ones, as whoever asks says. */
  filter: z.string().max(1_000).optional(),
});

/** All there is to do is done by then: it is in the audit. */
export function noteExport(): { readonly noted: true } {
  return { noted: true };
}
