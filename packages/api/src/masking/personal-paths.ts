import type { JsonSchema } from "@downbeat/protocol";
import { type MaskPath, nameInPath } from "./mask-path.ts";

/** What a schema of `z.string().meta({ personal: true })` carries. */
const mark = "personal";
const mostLevels = 25;
/** What would be of more paths is masked as a whole. */
const mostPaths = 500;

/** Where the schema says that something is personal; all of it (`**`) where it says so in more places than can be followed. */
export function personalPaths(schema: JsonSchema): readonly MaskPath[] {
  const paths: MaskPath[] = [];
  const open = new Map<unknown, { readonly at: MaskPath; isRepeated: boolean }>();
  const done = (): boolean => paths.length > mostPaths;

  function look(part: unknown, at: MaskPath): void {
    if (done()) return;
    if (at.length > mostLevels) {
      if (JSON.stringify(part)?.includes(`"${mark}":true`) === true) paths.push([...at, "**"]);
      return;
    }
    if (Array.isArray(part)) {
      for (const each of part) look(each, at);
      return;
    }
    if (typeof part !== "object" || part === null) return;
    const known = open.get(part);
    if (known !== undefined) {
      // A schema of trees: what is personal in it is so at any depth.
      known.isRepeated = true;
      return;
    }
    const first = paths.length;
    const state = { at, isRepeated: false };
    open.set(part, state);
    const says = new Map<string, unknown>(Object.entries(part));
    if (says.get(mark) === true) paths.push(at.length === 0 ? ["**"] : at);
    for (const [name, field] of Object.entries(objectOf(says.get("properties"))))
      look(field, [...at, nameInPath(name)]);
    for (const [, field] of Object.entries(objectOf(says.get("patternProperties"))))
      look(field, [...at, "*"]);
    for (const name of ["additionalProperties", "items", "prefixItems", "contains", "unevaluatedProperties"])
      look(says.get(name), [...at, "*"]);
    for (const name of ["anyOf", "oneOf", "allOf", "then", "else", "if"]) look(says.get(name), at);
    const ref = says.get("$ref");
    if (typeof ref === "string") look(referred(schema, ref), at);
    open.delete(part);
    if (state.isRepeated)
      for (const path of paths.slice(first)) paths.push([...at, "**", ...path.slice(at.length)]);
  }

  look(schema, []);
  return done() ? [["**"]] : paths;
}

function objectOf(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}

/** `#/$defs/Name`, or `#` for all of it. */
function referred(schema: JsonSchema, ref: string): unknown {
  if (!ref.startsWith("#")) return undefined;
  let value: unknown = schema;
  for (const part of ref.slice(1).split("/").slice(1)) {
    const name = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}
