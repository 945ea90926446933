import type { JsonSchema } from "@downbeat/api/views";

interface GroupedField {
  readonly name: string;
  readonly schema: JsonSchema;
  readonly isNeeded: boolean;
}

/** How a value of a schema is asked for. */
type FieldKind =
  | { readonly kind: "text" }
  | { readonly kind: "number" }
  | { readonly kind: "yesOrNo" }
  | { readonly kind: "choice"; readonly choices: readonly unknown[] }
  /** It can be nothing else. */
  | { readonly kind: "constant"; readonly value: unknown }
  | { readonly kind: "date" }
  | { readonly kind: "moment" }
  | { readonly kind: "group"; readonly fields: readonly GroupedField[] }
  | { readonly kind: "list"; readonly item: JsonSchema }
  /** One of several, each of its own make. */
  | { readonly kind: "variants"; readonly schemas: readonly JsonSchema[] }
  /** No form for it: whatever JSON can say. */
  | { readonly kind: "json" };

export type SchemaField = FieldKind & {
  readonly title?: string;
  readonly hint?: string;
  readonly default?: unknown;
  /** `null` will do as well. */
  readonly isNullable: boolean;
};

/** @param root where references lead to */
export function schemaField(schema: JsonSchema, root: JsonSchema): SchemaField {
  const resolved = follow(schema, root);
  const { schema: own, isNullable } = withoutNull(resolved, root);
  const title = own.title ?? resolved.title;
  const hint = own.description ?? resolved.description;
  const preset = resolved.default ?? own.default;
  const kind = kindOf(own, root);
  return {
    ...(kind.kind === "group" && isEndless(own, root) ? { kind: "json" as const } : kind),
    isNullable,
    ...(typeof title === "string" && { title }),
    ...(typeof hint === "string" && { hint }),
    ...(preset !== undefined && { default: preset }),
  };
}

function kindOf(schema: JsonSchema, root: JsonSchema): FieldKind {
  if (schema.const !== undefined) return { kind: "constant", value: schema.const };
  if (Array.isArray(schema.enum) && schema.enum.every(isSimple))
    return { kind: "choice", choices: schema.enum };
  const constants = listOf(schema.anyOf ?? schema.oneOf).map((one) => one.const);
  if (constants.length > 0 && constants.every((one) => one !== undefined && isSimple(one)))
    return { kind: "choice", choices: constants };
  const schemas = alternatives(schema, root);
  if (schemas !== undefined) return { kind: "variants", schemas };
  switch (schema.type) {
    case "string":
      if (schema.format === "date") return { kind: "date" };
      return { kind: schema.format === "date-time" ? "moment" : "text" };
    case "number":
    case "integer":
      return { kind: "number" };
    case "boolean":
      return { kind: "yesOrNo" };
    case "object":
      return groupOf(schema);
    case "array":
      return isSchema(schema.items) ? { kind: "list", item: schema.items } : { kind: "json" };
    default:
      return { kind: "json" };
  }
}

const mostVariants = 50;
/** What may stand beside the alternatives, and changes nothing of them. */
const besides: ReadonlySet<string> = new Set([
  "$schema",
  "$id",
  "$defs",
  "title",
  "description",
  "default",
  "examples",
  "deprecated",
  "discriminator",
  "anyOf",
  "oneOf",
]);

/** What a value may be one of, alternatives of alternatives among them; nothing where there is a form for none of them. */
function alternatives(schema: JsonSchema, root: JsonSchema): readonly JsonSchema[] | undefined {
  const found: JsonSchema[] = [];
  // As they are written: without null, each is another object every time.
  const seen = new Set<JsonSchema>();
  const add = (given: JsonSchema): void => {
    const written = follow(given, root);
    if (seen.has(written) || found.length > mostVariants) return;
    seen.add(written);
    const one = withoutNull(written, root).schema;
    const inside = isUnion(one) ? listOf(one.anyOf ?? one.oneOf) : [];
    if (inside.length === 0 || inside.every(({ const: constant }) => constant !== undefined)) found.push(one);
    else for (const further of inside) add(further);
  };
  add(schema);
  if (found.length < 2 || found.length > mostVariants) return undefined;
  return found.some((one) => kindOf(one, root).kind !== "json") ? found : undefined;
}

function isUnion(schema: JsonSchema): boolean {
  const isOne = (schema.anyOf === undefined) !== (schema.oneOf === undefined);
  return isOne && Object.keys(schema).every((key) => besides.has(key));
}

/** One whose names are not known beforehand has no fields. */
function groupOf({ properties, required, additionalProperties, allOf, anyOf, oneOf }: JsonSchema): FieldKind {
  const isOpen = isSchema(additionalProperties) && Object.keys(additionalProperties).length > 0;
  if (!isSchema(properties) || isOpen || (allOf ?? anyOf ?? oneOf) !== undefined) return { kind: "json" };
  const needed = Array.isArray(required) ? required : [];
  const fields = Object.entries(properties).flatMap(([name, schema]) =>
    isSchema(schema) ? [{ name, schema, isNeeded: needed.includes(name) }] : [],
  );
  return fields.length === 0 ? { kind: "json" } : { kind: "group", fields };
}

/**
 * Whether an object needs itself, however far inside: nothing fits such a schema, and fields for it would never end.
 *
 * @param above what it is needed by
 * @param finite of which it is known that they end: looked into once, however often they are needed
 */
function isEndless(
  schema: JsonSchema,
  root: JsonSchema,
  above: readonly JsonSchema[] = [],
  finite = new Set<JsonSchema>(),
): boolean {
  if (above.includes(schema)) return true;
  if (finite.has(schema)) return false;
  const kind = kindOf(schema, root);
  const needed = kind.kind === "group" ? kind.fields.filter(({ isNeeded }) => isNeeded) : [];
  const inside = needed
    .map((field) => withoutNull(follow(field.schema, root), root))
    .filter(({ isNullable }) => !isNullable);
  if (inside.some((one) => isEndless(one.schema, root, [...above, schema], finite))) return true;
  finite.add(schema);
  return false;
}

const mostReferences = 10;

function follow(schema: JsonSchema, root: JsonSchema): JsonSchema {
  let found = schema;
  for (let count = 0; typeof found.$ref === "string"; count++) {
    const name = /^#\/\$defs\/(.+)$/.exec(found.$ref)?.[1];
    const next = found.$ref === "#" ? root : named(root.$defs, name);
    if (next === undefined || count === mostReferences) return {};
    found = next;
  }
  return found;
}

function named(defs: unknown, name: string | undefined): JsonSchema | undefined {
  if (!isSchema(defs) || name === undefined) return undefined;
  const found = defs[name.replaceAll("~1", "/").replaceAll("~0", "~")];
  return isSchema(found) ? found : undefined;
}

function withoutNull(schema: JsonSchema, root: JsonSchema): { schema: JsonSchema; isNullable: boolean } {
  if (Array.isArray(schema.type) && schema.type.length === 2 && schema.type.includes("null")) {
    const type: unknown = schema.type.find((one) => one !== "null");
    const choices = Array.isArray(schema.enum) && { enum: schema.enum.filter((one) => one !== null) };
    return { schema: { ...schema, type, ...choices }, isNullable: true };
  }
  const choices = listOf(schema.anyOf ?? schema.oneOf);
  const [other, ...more] = choices.filter(({ type }) => type !== "null");
  if (other === undefined || more.length + 1 === choices.length) return { schema, isNullable: false };
  if (more.length === 0) return { schema: follow(other, root), isNullable: true };
  const { anyOf: _, oneOf: __, ...rest } = schema;
  return { schema: { ...rest, anyOf: [other, ...more] }, isNullable: true };
}

function listOf(schemas: unknown): readonly JsonSchema[] {
  return Array.isArray(schemas) ? schemas.filter(isSchema) : [];
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSimple(value: unknown): boolean {
  return value === null || typeof value !== "object";
}
