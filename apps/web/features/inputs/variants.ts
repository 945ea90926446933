import type { JsonSchema } from "@downbeat/api/views";
import { type SchemaField, schemaField } from "./schema-field.ts";

/** One of the things that a value may be. */
export interface Variant {
  /** What it is called where it is chosen; no two are called the same. */
  readonly name: string;
  readonly schema: JsonSchema;
}

type Group = Extract<SchemaField, { readonly kind: "group" }>;

const mostNames = 3;

/** The fields that tell the variants apart: each has one constant of its own there. */
export function tellingFields(schemas: readonly JsonSchema[], root: JsonSchema): readonly string[] {
  const groups = schemas.flatMap((schema) => groupOf(schema, root) ?? []);
  if (groups.length < 2) return [];
  const names = groups.map((group) => constantsOf(group, root));
  return [...(names[0]?.keys() ?? [])].filter((name) => {
    const values = new Set(names.map((constants) => constants.get(name)));
    return values.size > 1 && !values.has(undefined);
  });
}

export function variantsOf(schemas: readonly JsonSchema[], root: JsonSchema): readonly Variant[] {
  const telling = tellingFields(schemas, root);
  const taken = new Set<string>();
  return schemas.map((schema) => {
    const plain = nameOf(schema, schemas, telling, root);
    let name = plain;
    for (let number = 2; taken.has(name); number++) name = `${plain} (${number})`;
    taken.add(name);
    return { name, schema };
  });
}

function nameOf(
  schema: JsonSchema,
  all: readonly JsonSchema[],
  telling: readonly string[],
  root: JsonSchema,
): string {
  const field = schemaField(schema, root);
  if (field.title !== undefined && field.title !== "") return field.title;
  if (field.kind !== "group") return kindWords[field.kind];
  const constants = constantsOf(field, root);
  if (telling.length > 0) return telling.map((name) => wordsOf(constants.get(name))).join(" · ");
  const others = all.filter((one) => one !== schema).flatMap((one) => groupOf(one, root) ?? []);
  const own = field.fields.filter(
    ({ name }) => !others.some((other) => other.fields.some((one) => one.name === name)),
  );
  const shown = (own.length > 0 ? own : field.fields).map(({ name }) => name);
  const more = shown.length > mostNames ? ", …" : "";
  return `with ${shown.slice(0, mostNames).join(", ")}${more}`;
}

const kindWords: Readonly<Record<SchemaField["kind"], string>> = {
  text: "text",
  number: "a number",
  yesOrNo: "yes or no",
  choice: "one of some words",
  constant: "a constant",
  date: "a day",
  moment: "a moment",
  group: "an object",
  list: "a list",
  variants: "one of several",
  json: "something else",
};

/**
 * Which of the variants a value is one of; `undefined` where it is none, as when nothing was chosen yet.
 *
 * @param chosen by a person: it stands while the value may be it, and no other knows more of what the value holds
 */
export function variantAt(
  value: unknown,
  variants: readonly Variant[],
  root: JsonSchema,
  chosen?: number,
): number | undefined {
  const fits = variants.map(({ schema }) => fitOf(value, schema, root));
  const best = fits.reduce<number | undefined>((found, fit, index) => {
    if (fit === undefined) return found;
    const before = found === undefined ? undefined : fits[found];
    return before === undefined || isNearer(fit, before) ? index : found;
  }, undefined);
  const own = chosen === undefined ? undefined : fits[chosen];
  const nearest = best === undefined ? undefined : fits[best];
  if (own !== undefined && nearest !== undefined && own.unknown <= nearest.unknown) return chosen;
  return best ?? (value === undefined || value === null ? chosen : undefined);
}

interface Fit {
  /** Names in the value that the variant knows nothing of. */
  readonly unknown: number;
  /** Names that it needs, and that the value lacks. */
  readonly missing: number;
}

function isNearer(one: Fit, other: Fit): boolean {
  return one.unknown === other.unknown ? one.missing < other.missing : one.unknown < other.unknown;
}

const whole: Fit = { unknown: 0, missing: 0 };

export function mayBe(value: unknown, schema: JsonSchema, root: JsonSchema): boolean {
  return fitOf(value, schema, root) !== undefined;
}

/** How near the value is to what the schema takes; `undefined` where it is something else. */
function fitOf(value: unknown, schema: JsonSchema, root: JsonSchema): Fit | undefined {
  const field = schemaField(schema, root);
  if (value === undefined) return undefined;
  if (value === null) return field.isNullable ? whole : undefined;
  switch (field.kind) {
    case "text":
    case "date":
    case "moment":
      return typeof value === "string" ? whole : undefined;
    case "number":
      return typeof value === "number" ? whole : undefined;
    case "yesOrNo":
      return typeof value === "boolean" ? whole : undefined;
    case "choice":
      return field.choices.includes(value) ? whole : undefined;
    case "constant":
      return JSON.stringify(field.value) === JSON.stringify(value) ? whole : undefined;
    case "list":
      return Array.isArray(value) ? whole : undefined;
    case "group":
      return groupFit(value, field, root);
    default:
      // Whatever the others are not.
      return { unknown: Number.POSITIVE_INFINITY, missing: 0 };
  }
}

function groupFit(value: unknown, group: Group, root: JsonSchema): Fit | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const held = new Map(Object.entries(value));
  for (const [name, constant] of constantsOf(group, root))
    if (held.has(name) && JSON.stringify(held.get(name)) !== constant) return undefined;
  const known = new Set(group.fields.map(({ name }) => name));
  return {
    unknown: [...held.keys()].filter((name) => !known.has(name)).length,
    missing: group.fields.filter(({ name, isNeeded }) => isNeeded && !held.has(name)).length,
  };
}

function groupOf(schema: JsonSchema, root: JsonSchema): Group | undefined {
  const field = schemaField(schema, root);
  return field.kind === "group" ? field : undefined;
}

/** What of a group can be nothing else, as JSON. */
function constantsOf(group: Group, root: JsonSchema): ReadonlyMap<string, string> {
  return new Map(
    group.fields.flatMap(({ name, schema }) => {
      const field = schemaField(schema, root);
      return field.kind === "constant" ? [[name, JSON.stringify(field.value)] as const] : [];
    }),
  );
}

function wordsOf(constant = ""): string {
  return constant.replaceAll(/^"|"$/g, "");
}
