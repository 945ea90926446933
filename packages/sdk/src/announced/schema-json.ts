import type { JsonSchema, LeftOut } from "@downbeat/protocol";
import { longestSchema } from "@downbeat/protocol";
import { z } from "zod";
import { Loosening } from "./loosening.ts";

export interface SchemaJson {
  readonly schema?: JsonSchema;
  /** What it does not say. */
  readonly leftOut?: Omit<LeftOut, "of">;
}

const mostPlaces = 20;

/**
 * The schema as JSON Schema, for forms and checks elsewhere: what is given to it (`input`), or what comes of it (`output`). It takes whatever the schema takes; what
 * of the schema JSON can't say, it leaves out and names.
 */
export function schemaJson(schema: z.ZodType | undefined, io: "input" | "output"): SchemaJson {
  if (schema === undefined) return {};
  const loosening = new Loosening();
  const json = asJson(schema, io, loosening);
  if (json === undefined) return { leftOut: { why: "notJson" } };
  if (JSON.stringify(json).length > longestSchema) return { leftOut: { why: "tooLarge" } };
  const places = loosening.places.slice(0, mostPlaces).map((place) => place.slice(0, 200));
  return { schema: json, ...(places.length > 0 && { leftOut: { why: "partly", places } }) };
}

/** `undefined` for a schema of another library, or one whose parts can't be looked at. */
function asJson(schema: z.ZodType, io: "input" | "output", loosening: Loosening): JsonSchema | undefined {
  try {
    const made = z.toJSONSchema(schema, {
      io,
      unrepresentable: "any",
      override: ({ zodSchema, jsonSchema, path }) => loosening.loosen(zodSchema, jsonSchema, path),
    });
    const json: unknown = JSON.parse(JSON.stringify(made));
    return typeof json === "object" && json !== null && !Array.isArray(json) ? { ...json } : undefined;
  } catch {
    return undefined;
  }
}
