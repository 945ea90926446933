import type { z } from "zod";

/** Whether the schema would give the value back as it is: same fields, same values. */
export type KeptAsItIs = (json: unknown) => boolean;

/**
 * A quick check of values that `JSON.parse` made. Where it says no, ask the schema itself: the value may be wrong, or have fields that are left out, or the
 * schema is one that isn't known here.
 *
 * A schema's own parse makes a new value of every object, which was most of what it costs to read a long history. This one makes
 * none, and is a function of its own for each schema, put together as text the way zod does it for objects.
 */
export function keptAsItIs(schema: z.core.$ZodType): KeptAsItIs {
  try {
    return new Checks().of(schema);
  } catch {
    // Where functions may not be made of text.
    return () => false;
  }
}

type Check = z.core.$ZodChecks["_zod"]["def"] | { readonly check: "custom"; readonly fn?: unknown };

const no = "false";

class Checks {
  readonly #functions: string[] = [];
  readonly #names = new Map<z.core.$ZodType, string>();
  /** What can't be written as text. */
  readonly #given: unknown[] = [];

  of(schema: z.core.$ZodType): KeptAsItIs {
    const test = this.#test(schema, "json");
    const text = `${this.#functions.join("")}\nreturn (json) => ${test};`;
    return new Function("given", `"use strict";\n${text}`)(this.#given) as KeptAsItIs;
  }

  /** Text of an expression that is true where the schema keeps what `value` names. */
  #test(schema: z.core.$ZodType, value: string): string {
    const known = schema as z.core.$ZodTypes;
    const more = (known._zod.def.checks ?? []).map(({ _zod }) => this.#checkTest(_zod.def as Check, value));
    return [this.#baseTest(known, value), ...more].join(" && ");
  }

  #baseTest(schema: z.core.$ZodTypes, value: string): string {
    const { def } = schema._zod;
    switch (def.type) {
      case "string":
        return "format" in def ? no : `typeof ${value} === "string"`;
      case "number":
        return "format" in def ? no : `Number.isFinite(${value})`;
      case "literal":
        return oneOf(value, def.values);
      case "enum":
        return oneOf(value, Object.values(def.entries));
      case "unknown":
        return "true";
      // JSON knows no undefined, so what is there has to fit.
      case "optional":
        return this.#test(def.innerType, value);
      case "array":
      case "object":
      case "record":
      case "union":
        return `${this.#named(schema)}(${value})`;
      default:
        return no;
    }
  }

  #checkTest(def: Check, value: string): string {
    switch (def.check) {
      case "greater_than":
        return `${value} ${def.inclusive ? ">=" : ">"} ${Number(def.value)}`;
      case "less_than":
        return `${value} ${def.inclusive ? "<=" : "<"} ${Number(def.value)}`;
      case "number_format":
        return def.format === "safeint" ? `Number.isSafeInteger(${value})` : no;
      case "max_length":
        return `(${value}.length <= ${def.maximum} || ${this.#give(lengthOf)}(${value}) <= ${def.maximum})`;
      case "min_length":
        // Every code point is one unit or two.
        return `${value}.length >= ${def.minimum} && (${value}.length >= ${2 * def.minimum} || ${this.#give(lengthOf)}(${value}) >= ${def.minimum})`;
      case "string_format": {
        const { format, pattern } = def;
        // One that remembers where it was would answer differently the next time.
        const isPlain = format === "regex" && pattern?.global === false && !pattern.sticky;
        return isPlain ? `${this.#give(pattern)}.test(${value})` : no;
      }
      // A refinement says yes or no, and leaves the value.
      case "custom":
        return typeof def.fn === "function" ? `Boolean(${this.#give(def.fn)}(${value}))` : no;
      default:
        return no;
    }
  }

  #give(thing: unknown): string {
    return `given[${this.#given.push(thing) - 1}]`;
  }

  #named(schema: z.core.$ZodTypes): string {
    const known = this.#names.get(schema);
    if (known !== undefined) return known;
    const name = `keeps${this.#names.size}`;
    this.#names.set(schema, name);
    const body = this.#body(schema);
    this.#functions.push(`function ${name}(json) { ${body} }`);
    return name;
  }

  #body({ _zod: { def } }: z.core.$ZodTypes): string {
    switch (def.type) {
      case "array": {
        const test = this.#test(def.element, "one");
        return `if (!Array.isArray(json)) return false; for (const one of json) if (!(${test})) return false; return true;`;
      }
      case "object":
        return this.#objectBody(def.shape);
      case "record": {
        const test = `${this.#test(def.keyType, "name")} && ${this.#test(def.valueType, "json[name]")}`;
        return `${isObject} for (const name in json) if (name === "__proto__" || !(${test})) return false; return true;`;
      }
      case "union":
        return "discriminator" in def
          ? this.#unionBody(def as z.core.$ZodDiscriminatedUnionDef)
          : `return ${no};`;
      default:
        return `return ${no};`;
    }
  }

  /** Counts the fields, so that one that the schema leaves out, or takes without a name, is noticed without a name for each. */
  #objectBody(shape: Readonly<Record<string, z.core.$ZodType>>): string {
    let body = `${isObject} let fields = 0; for (const _ in json) fields += 1; let one;`;
    let required = 0;
    for (const [field, schema] of Object.entries(shape)) {
      body += `\none = json[${JSON.stringify(field)}];`;
      const test = this.#test(schema, "one");
      if (schema._zod.optin === "optional") {
        body += ` if (one !== undefined) { if (!(${test})) return false; fields -= 1; }`;
      } else {
        body += ` if (!(${test})) return false;`;
        required += 1;
      }
    }
    return `${body}\nreturn fields === ${required};`;
  }

  #unionBody({ discriminator, options }: z.core.$ZodDiscriminatedUnionDef): string {
    const cases = options.flatMap((option) =>
      Array.from(option._zod.propValues?.[discriminator] ?? [], (value) => {
        const test = this.#test(option, "json");
        return `case ${JSON.stringify(value)}: return ${test};`;
      }),
    );
    return `${isObject} switch (json[${JSON.stringify(discriminator)}]) { ${cases.join("")} default: return false; }`;
  }
}

const isObject = `if (typeof json !== "object" || json === null || Array.isArray(json)) return false;`;

/** Texts are measured in code points. */
function lengthOf(value: string | readonly unknown[]): number {
  let length = 0;
  for (const _ of value) length += 1;
  return length;
}

function oneOf(value: string, values: readonly unknown[]): string {
  const isPlain = values.every((one) => typeof one === "string" || typeof one === "boolean");
  return isPlain ? `(${values.map((one) => `${value} === ${JSON.stringify(one)}`).join(" || ")})` : no;
}
