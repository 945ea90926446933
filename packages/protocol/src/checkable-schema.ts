import type { JsonSchema } from "./announced-schema.ts";

/** Of more levels, what is inside is not looked at. */
const deepest = 40;

/** Keywords whose value is said of the value itself, and holds no schema. */
const plain = new Set([
  "$ref",
  "type",
  "required",
  "minLength",
  "maxLength",
  "pattern",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minItems",
  "maxItems",
  "uniqueItems",
  "minProperties",
  "maxProperties",
]);
const schemaInside = new Set(["items", "additionalProperties", "propertyNames"]);
const schemasInside = new Set(["anyOf", "allOf", "prefixItems"]);
const namedSchemasInside = new Set(["properties", "patternProperties", "$defs"]);

/**
 * What of a schema can be checked without refusing anything that whoever announced it takes. Left out is what only describes it, and:
 * formats, for which each library has rules of its own (where zod made the schema, its rule is there as a pattern); defaults, as nothing is to be filled in;
 * that no more than one of several choices may fit, as what tells them apart may be what JSON Schema can't say.
 */
export function checkable(schema: JsonSchema): JsonSchema {
  return of(schema, 0) as JsonSchema;
}

function of(schema: unknown, depth: number): unknown {
  if (typeof schema === "boolean") return schema;
  if (typeof schema !== "object" || schema === null || Array.isArray(schema) || depth > deepest) return {};
  const kept: Record<string, unknown> = {};
  for (const [keyword, value] of Object.entries(schema)) {
    if (plain.has(keyword)) kept[keyword] = value;
    else if (keyword === "const" && isSimple(value)) kept.const = value;
    else if (keyword === "enum" && Array.isArray(value) && value.every(isSimple)) kept.enum = value;
    else if (schemaInside.has(keyword)) kept[keyword] = of(value, depth + 1);
    else if (schemasInside.has(keyword)) kept[keyword] = list(value, depth);
    else if (keyword === "oneOf") kept.anyOf = list(value, depth);
    else if (namedSchemasInside.has(keyword)) kept[keyword] = named(value, depth);
    // Nothing at all fits it.
    else if (keyword === "not" && isEmptyObject(value)) kept.not = {};
  }
  return kept;
}

/** Of lists and objects zod asks whether they are the same one. */
function isSimple(value: unknown): boolean {
  return value === null || typeof value !== "object";
}

function list(value: unknown, depth: number): unknown {
  return Array.isArray(value) ? value.map((one) => of(one, depth + 1)) : [];
}

function named(value: unknown, depth: number): unknown {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, of(one, depth + 1)]));
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
