import { isDate, isMap, isSet } from "node:util/types";
import { boundedText } from "./thrown/bounded-text.ts";
import { stringField } from "./thrown/careful.ts";

/** Where in a value something is that JSON would lose or change without a word. */
export interface Loss {
  /** Names and indices that lead to it. */
  readonly path: readonly (string | number)[];
  /** What is there, and what would become of it. */
  readonly problem: string;
  /** Of what a schema may make again of the text that it is written as. */
  readonly kind?: "date" | "bigint";
}

/** Values are as JSON takes them once more; so many are looked at on the way. */
const mostValues = 1_000_000;

/**
 * Finds the first such place. What has been lost is known nowhere else: `JSON.stringify` gives `null` for `NaN`, `{}` for a `Map`, text for a `Date`. Fields that are
 * `undefined` are as good as absent, and `-0` is 0 to all who compare it: neither is lost.
 *
 * @param isTaken of dates and BigInts that come back
 */
export function lostInJson(value: unknown, isTaken: (loss: Loss) => boolean): Loss | undefined {
  return new Search(isTaken).in(value, 0);
}

class Search {
  readonly #isTaken: (loss: Loss) => boolean;
  readonly #path: (string | number)[] = [];
  readonly #around = new Set<object>();
  #left = mostValues;

  constructor(isTaken: (loss: Loss) => boolean) {
    this.#isTaken = isTaken;
  }

  in(value: unknown, depth: number): Loss | undefined {
    const problem = problemWith(value);
    if (problem !== undefined) {
      const kind = kindOf(value);
      const loss = { path: [...this.#path], problem, ...(kind !== undefined && { kind }) };
      return kind !== undefined && this.#isTaken(loss) ? undefined : loss;
    }
    // A cycle is an error of JSON's own.
    if (typeof value !== "object" || value === null || this.#around.has(value) || --this.#left < 0)
      return undefined;
    this.#around.add(value);
    const found = Array.isArray(value) ? this.#inItems(value, depth) : this.#inFields(value, depth);
    this.#around.delete(value);
    return found;
  }

  #inItems(list: readonly unknown[], depth: number): Loss | undefined {
    for (let index = 0; index < list.length; index++) {
      this.#path[depth] = index;
      const item = list[index];
      if (item === undefined) {
        const problem = `is ${index in list ? "undefined" : "missing"}, and would arrive as null; leave it out, or use null`;
        return { path: this.#path.slice(0, depth + 1), problem };
      }
      const found = this.in(item, depth + 1);
      if (found !== undefined) return found;
    }
    this.#path.length = depth;
    return undefined;
  }

  #inFields(object: object, depth: number): Loss | undefined {
    for (const [name, value] of Object.entries(object)) {
      this.#path[depth] = name;
      const found = this.in(value, depth + 1);
      if (found !== undefined) return found;
    }
    this.#path.length = depth;
    return undefined;
  }
}

function kindOf(value: unknown): Loss["kind"] {
  if (isDate(value)) return "date";
  return typeof value === "bigint" ? "bigint" : undefined;
}

/** As code writes it: `items[3].price`. */
export function pathText(path: readonly (string | number)[]): string {
  const text = path
    .map((step) => {
      if (typeof step === "number") return `[${step}]`;
      return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(step)
        ? `.${step}`
        : `[${JSON.stringify(boundedText(step, 60))}]`;
    })
    .join("")
    .replace(/^\./, "");
  return text === "" ? "it" : boundedText(text, 200);
}

function problemWith(value: unknown): string | undefined {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) ? undefined : `is ${value}, and would arrive as null`;
    case "bigint":
      return "is a BigInt, for which JSON has no form; pass String(it), or have a schema that makes a BigInt of that text, such as z.coerce.bigint()";
    case "function":
    case "symbol":
      return `is a ${typeof value}, of which nothing would arrive`;
    case "object":
      return value === null ? undefined : problemWithObject(value);
    default:
      return undefined;
  }
}

function problemWithObject(value: object): string | undefined {
  if (isDate(value))
    return "is a Date, and would arrive as text; pass it.toISOString(), or have a schema that makes a Date of that text, such as z.coerce.date()";
  if (isMap(value)) return "is a Map, of which nothing would arrive; pass [...it] or Object.fromEntries(it)";
  if (isSet(value)) return "is a Set, of which nothing would arrive; pass [...it]";
  if (Array.isArray(value))
    return Object.keys(value).length > value.length
      ? "is a list with fields of its own, which would not arrive"
      : undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!isPlain(prototype)) {
    const kind =
      stringField(prototype === null ? undefined : constructorOf(prototype), "name") ||
      "a class without a name";
    return `is an instance of ${boundedText(kind, 100)}, and would arrive without its class; pass a plain object`;
  }
  const isNamedBySymbol = Object.getOwnPropertySymbols(value).some((name) =>
    Object.prototype.propertyIsEnumerable.call(value, name),
  );
  return isNamedBySymbol ? "has a field that is named by a symbol, which would not arrive" : undefined;
}

/** Of an object of another realm too. */
function isPlain(prototype: unknown): boolean {
  return (
    prototype === null ||
    prototype === Object.prototype ||
    (isRoot(prototype) && Object.hasOwn(prototype, "isPrototypeOf"))
  );
}

function isRoot(prototype: unknown): prototype is object {
  return typeof prototype === "object" && prototype !== null && Object.getPrototypeOf(prototype) === null;
}

function constructorOf(prototype: unknown): unknown {
  return typeof prototype === "object" && prototype !== null
    ? Reflect.get(prototype, "constructor")
    : undefined;
}
