import { z } from "zod";
import type { ListFormat } from "./own-file.ts";
import { parseJsonFile } from "./parse-json-file.ts";

/**
 * A list as JSON, beside the version of the file's form: `{"version":1,"tokens":[…]}`.
 *
 * @param name of the list in the file
 */
export function jsonList<T>(what: string, name: string, all: z.ZodType<T[]>): ListFormat<T> {
  const file = z.strictObject({ version: z.literal(1, "made by a newer Downbeat"), [name]: all });
  return {
    what,
    parse(text) {
      const parsed = file.safeParse(parseJsonFile(text));
      if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
      const { [name]: list } = parsed.data;
      return Array.isArray(list) ? list : [];
    },
    format: (list) => `${JSON.stringify({ version: 1, [name]: list }, undefined, 2)}\n`,
  };
}
