import type { JsonSchema } from "@downbeat/api/views";
import { sourceAt, spacedJson } from "../../lib/json-text.ts";
import { initialValue, jsonOf } from "./initial-value.ts";
import { schemaField } from "./schema-field.ts";
import { mayBe } from "./variants.ts";

/**
 * What a form begins with when a variant is chosen, as JSON: what the variant needs, and what was typed before into fields that it has too.
 *
 * @param before the value until then, as it was typed; its fields are kept where the new variant has them, to the last digit
 */
export function asVariant(
  schema: JsonSchema,
  root: JsonSchema,
  before: string | undefined,
): string | undefined {
  const field = schemaField(schema, root);
  if (field.kind !== "group") return jsonOf(initialValue(schema, root));
  const initial = new Map(Object.entries(objectOf(initialValue(schema, root))));
  const members = field.fields.flatMap(({ name, schema: own }) => {
    const kept = before === undefined ? undefined : sourceAt(before, [name]);
    const isKept = kept !== undefined && mayBe(JSON.parse(kept), own, root);
    const json = isKept ? kept : jsonOf(initial.get(name));
    return json === undefined ? [] : [`${JSON.stringify(name)}: ${json}`];
  });
  return spacedJson(`{${members.join(",")}}`);
}

function objectOf(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}
