import { boundedText } from "./bounded-text.ts";
import { field, isInstance, isList, lengthOf, stringField } from "./careful.ts";

const mostDepth = 3;
const mostItems = 20;
const mostFields = 30;
const longestText = 500;
const longestName = 100;

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

// What is thrown often carries the request that failed, and history is kept and read by many.
const secret = /authori[sz]ation|cookie|passw|secret|token|api-?_?key|credential|private-?_?key/i;

/** What is left of the number of values that are still shown. */
interface Budget {
  values: number;
  /** How an error is shown; by the name of its class where nothing is said. */
  readonly shownError?: ((error: Error) => Json) | undefined;
}

/**
 * A value as JSON for people to read: of bounded depth and size, in words where it is no JSON, without what looks like a credential.
 * Never throws, and calls none of the value's methods.
 */
export function shownValue(value: unknown, mostValues = 200): Json {
  return shown(value, 0, new Set(), { values: mostValues });
}

/** In a few words, to stand in a sentence. A text is quoted, what JSON has no word for is not. */
export function shownText(value: unknown, length: number): string {
  if (value === undefined || (typeof value === "number" && !Number.isFinite(value))) return String(value);
  return boundedText(JSON.stringify(shownValue(value, 20)), length);
}

/** The value's own fields, as `shownValue` shows them; nothing when there are none. */
export function shownFields(
  value: object,
  without: readonly string[],
  mostValues = 200,
  shownError?: (error: Error) => Json,
): { readonly [name: string]: Json } | undefined {
  const budget = { values: mostValues, shownError };
  const fields = fieldsOf(value, 0, new Set<object>([value]), budget, without);
  return Object.keys(fields).length === 0 ? undefined : fields;
}

function shown(value: unknown, depth: number, around: Set<object>, budget: Budget): Json {
  if (--budget.values < 0) return "…";
  switch (typeof value) {
    case "string":
      return boundedText(value, longestText);
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "boolean":
      return value;
    case "bigint":
      return boundedText(`${value}n`, longestText);
    case "symbol":
      return boundedText(value.toString(), longestText);
    case "undefined":
      return "undefined";
    case "function":
      return boundedText(`[function ${stringField(value, "name") ?? ""}]`, longestName).replace(" ]", "]");
    case "object":
      return value === null ? null : shownObject(value, depth, around, budget);
  }
}

function shownObject(value: object, depth: number, around: Set<object>, budget: Budget): Json {
  if (around.has(value)) return "[circular]";
  if (isInstance(value, Date)) return dateText(value);
  if (budget.shownError !== undefined && isInstance(value, Error)) return budget.shownError(value);
  const kind = kindOf(value);
  // An instance of a class may be a whole connection; that it was there is enough.
  if (kind !== "Object" && kind !== "Array") return `[${kind}]`;
  if (depth >= mostDepth) return kind === "Array" ? "[…]" : "{…}";
  around.add(value);
  const json = isList(value)
    ? itemsOf(value, depth, around, budget)
    : fieldsOf(value, depth, around, budget, []);
  around.delete(value);
  return json;
}

function itemsOf(list: readonly unknown[], depth: number, around: Set<object>, budget: Budget): Json {
  const length = lengthOf(list);
  const items: Json[] = [];
  for (let index = 0; index < Math.min(length, mostItems) && budget.values > 0; index++) {
    items.push(shown(field(list, index), depth + 1, around, budget));
  }
  if (length > items.length) items.push(`… and ${length - items.length} more`);
  return items;
}

function fieldsOf(
  value: object,
  depth: number,
  around: Set<object>,
  budget: Budget,
  without: readonly string[],
): { readonly [name: string]: Json } {
  const names = namesOf(value).filter((name) => !without.includes(name));
  const fields: [string, Json][] = [];
  for (const name of names.slice(0, mostFields)) {
    if (budget.values <= 0) break;
    const found = field(value, name);
    if (typeof found === "function" || found === undefined) continue;
    const text = secret.test(name) ? "[left out]" : shown(found, depth + 1, around, budget);
    fields.push([boundedText(name, longestName), text]);
  }
  if (names.length > mostFields) fields.push(["…", `and ${names.length - mostFields} more fields`]);
  return Object.fromEntries(fields);
}

function namesOf(value: object): string[] {
  try {
    return Object.keys(value);
  } catch {
    return [];
  }
}

/** `Object` and `Array` for plain ones. */
function kindOf(value: object): string {
  if (isList(value)) return "Array";
  let prototype: unknown;
  try {
    prototype = Object.getPrototypeOf(value);
  } catch {
    return "unreadable";
  }
  if (prototype === null || prototype === Object.prototype) return "Object";
  return boundedText(stringField(field(prototype, "constructor"), "name") || "Object", longestName);
}

function dateText(date: Date): string {
  try {
    return Date.prototype.toISOString.call(date);
  } catch {
    return "Invalid Date";
  }
}
