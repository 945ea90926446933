import { longestSchema } from "@downbeat/protocol";
import { z } from "zod";

/**
 * The schema as JSON Schema, for forms and checks elsewhere: what is given to it (`input`), or what comes of it (`output`). `undefined` where it can't be said
 * so: the schema is another library's, or too long.
 */
export function schemaJson(
  schema: z.ZodType | undefined,
  io: "input" | "output",
): Record<string, unknown> | undefined {
  if (schema === undefined) return undefined;
  try {
    const json: unknown = JSON.parse(JSON.stringify(z.toJSONSchema(schema, { io, unrepresentable: "any" })));
    if (typeof json !== "object" || json === null || Array.isArray(json)) return undefined;
    return JSON.stringify(json).length > longestSchema ? undefined : { ...json };
  } catch {
    return undefined;
  }
}
