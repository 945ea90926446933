import type { z } from "zod";

type Schema = z.core.$ZodTypes;
type Json = z.core.JSONSchema.BaseSchema;

/** What is said of a value and not changed by what only describes it. */
const describing = new Set(["title", "description", "default", "examples", "deprecated"]);
/** What a value must be like, beyond its kind. */
const limiting = [
  "minLength",
  "maxLength",
  "pattern",
  "format",
  "allOf",
  "minimum",
  "maximum",
  "exclusiveMinimum",
  "exclusiveMaximum",
  "multipleOf",
  "minItems",
  "maxItems",
] as const;

/** Nothing of them can be said in JSON Schema. */
const unsayable = new Set([
  "bigint",
  "custom",
  "date",
  "file",
  "function",
  "map",
  "nan",
  "promise",
  "set",
  "symbol",
  "transform",
]);

/**
 * Where zod's JSON Schema would refuse what the zod schema takes, says less: what is converted, put right or replaced before it is checked may be anything. Notes the
 * places where the zod schema checks more.
 */
export class Loosening {
  readonly #places = new Set<string>();

  /** As in `flight.departsOn`. */
  get places(): readonly string[] {
    return [...this.#places].sort();
  }

  loosen(zodSchema: Schema, json: Json, path: readonly (string | number)[]): void {
    if (takesAnything(zodSchema)) {
      for (const keyword of Object.keys(json)) if (!describing.has(keyword)) delete json[keyword];
      this.#note(path);
      return;
    }
    const { def } = zodSchema._zod;
    if (unsayable.has(def.type)) this.#note(path);
    if (hasCheck(zodSchema, "overwrite")) {
      for (const keyword of limiting) delete json[keyword];
      this.#note(path);
    } else if (hasFlaggedPattern(zodSchema)) {
      delete json.pattern;
      delete json.allOf;
      this.#note(path);
    }
    if (hasCheck(zodSchema, "custom")) this.#note(path);
    if (def.type === "object" && json.required !== undefined)
      json.required = json.required.filter((key) => !this.#mayBeAbsent(def.shape[key]));
    if (def.type === "record" && this.#mayBeAbsent(def.valueType)) delete json.required;
    // Only at its end can a list lack something.
    if (def.type === "tuple" && json.minItems !== undefined)
      json.minItems = 1 + def.items.findLastIndex((item) => !this.#mayBeMissing(item));
  }

  #mayBeMissing(item: z.core.$ZodType): boolean {
    return item._zod.optin !== undefined || this.#mayBeAbsent(item);
  }

  #mayBeAbsent(schema: z.core.$ZodType | undefined, depth = 0): boolean {
    if (schema === undefined || depth > 10) return true;
    if (takesAnything(schema as Schema)) return true;
    const { def } = (schema as Schema)._zod;
    const inside = (one: z.core.$ZodType) => this.#mayBeAbsent(one, depth + 1);
    switch (def.type) {
      case "union":
        return def.options.some(inside);
      case "intersection":
        return inside(def.left) || inside(def.right);
      case "pipe":
        return inside(def.in);
      case "lazy":
        return inside(def.getter());
      case "nullable":
      case "readonly":
      case "nonoptional":
      case "success":
        return inside(def.innerType);
      default:
        return false;
    }
  }

  #note(path: readonly (string | number)[]): void {
    this.#places.add(placeText(path));
  }
}

/** Before anything is checked, it is made into something else. */
function takesAnything({ _zod: { def } }: Schema): boolean {
  if (def.type === "catch" || def.type === "file") return true;
  if (def.type === "pipe") return (def.in as Schema)._zod.def.type === "transform";
  return "coerce" in def && def.coerce === true;
}

function hasCheck({ _zod: { def } }: Schema, kind: string): boolean {
  return (def.checks ?? []).some(({ _zod }) => _zod.def.check === kind);
}

/** JSON Schema knows no flags. */
function hasFlaggedPattern(schema: Schema): boolean {
  const { bag, def } = schema._zod;
  const own = "pattern" in def ? [def.pattern] : [];
  const checked = (def.checks ?? []).map(({ _zod }) =>
    "pattern" in _zod.def ? _zod.def.pattern : undefined,
  );
  const patterns = [...own, ...checked, ...(bag.patterns instanceof Set ? bag.patterns : [])];
  return patterns.some((pattern) => pattern instanceof RegExp && pattern.flags !== "");
}

/** Each holds what all that is in a list, or under a key that isn't known, is like. */
const ofEach = new Set<string | number | undefined>(["items", "additionalProperties", "patternProperties"]);

/** The place in a value, from the place in its schema. */
function placeText(path: readonly (string | number)[]): string {
  let text = "";
  for (let index = 0; index < path.length; index++) {
    const step = path[index];
    if (step === "properties") text += `${text === "" ? "" : "."}${path[++index]}`;
    else if (ofEach.has(step)) text += "[]";
    else if (step === "prefixItems") text += `[${path[++index]}]`;
  }
  return text === "" ? "the whole" : text;
}
