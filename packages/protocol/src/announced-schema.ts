import { z } from "zod";
import * as f from "./fields.ts";

/** Characters of a schema as JSON; a longer one isn't announced. */
export const longestSchema = 32_768;
/** Characters of all schemas of one definition together, well below what a message of the log holds. */
export const longestSchemas = 131_072;

/** JSON Schema, draft 2020-12. */
export type JsonSchema = Readonly<Record<string, unknown>>;

export const announcedSchema = z
  .record(z.string(), z.unknown())
  .refine((value) => JSON.stringify(value).length <= longestSchema, `at most ${longestSchema} characters`);

/** What the announced schemas don't say, and only the worker checks. */
export const leftOut = z.object({
  /** `input`, `output`, or `signal` and its name. */
  of: z.string().max(210),
  /** `partly`: at these places the code checks more than JSON Schema can say. */
  why: z.enum(["tooLarge", "notJson", "partly"]),
  places: z.array(f.shortText).max(20).optional(),
});

export type LeftOut = z.infer<typeof leftOut>;

/** The same for the same definition, whichever build announces it. */
export const definitionId = z.string().min(1).max(64);
