import type { JsonSchema } from "@downbeat/api/views";
import { schemaField } from "./schema-field.ts";

/** Objects in objects that a form has fields for. Each may need several of the next: all of them would be no form any more. */
export const deepest = 8;

/** What a form begins with: what is needed and can't be otherwise, or is empty; `undefined` for what a person has to say. */
export function initialValue(schema: JsonSchema, root: JsonSchema = schema, depth = 0): unknown {
  const field = schemaField(schema, root);
  switch (field.kind) {
    case "constant":
      return field.value;
    case "yesOrNo":
      return field.isNullable ? null : false;
    case "list":
      return field.isNullable ? null : [];
    case "group": {
      if (field.isNullable || depth === deepest) return field.isNullable ? null : undefined;
      const needed = field.fields
        .filter(({ isNeeded }) => isNeeded)
        .map(({ name, schema: own }) => [name, initialValue(own, root, depth + 1)] as const)
        .filter(([, value]) => value !== undefined);
      return Object.fromEntries(needed);
    }
    default:
      return field.isNullable ? null : undefined;
  }
}

/** What can be said in JSON; `undefined` for nothing. */
export function jsonOf(value: unknown): string | undefined {
  return value === undefined ? undefined : JSON.stringify(value, null, 2);
}
