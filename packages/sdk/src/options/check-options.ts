import { eachOnce, longestRefusal, nearestName } from "@downbeat/protocol";
import { z } from "zod";
import { containPassing } from "../stray-rejections.ts";
import { boundedText } from "../thrown/bounded-text.ts";
import { field } from "../thrown/careful.ts";
import { thrownText } from "../thrown/read-thrown.ts";
import { shownText } from "../thrown/shown-value.ts";

const mostProblems = 5;

/** Options are checked a few times in a process: a function that zod makes for each schema takes a tenth of a process's first test, and saves 0.1 µs a check. */
const onceInAWhile = { jitless: true } as const;

/**
 * What the schema makes of the options. Schemas of options say in their messages what is allowed.
 *
 * @param what is given them, e.g. `worker()`
 * @throws TypeError where a value is of a wrong kind or there is no such option, RangeError where it is out of range; both name the
 *   option, the value and what is allowed
 */
export function checkOptions<T>(what: string, schema: z.ZodType<T>, options: unknown): T {
  const parsed = parse(what, schema, options);
  if (parsed.success) return parsed.data;
  const issues = byPlace(parsed.error.issues);
  const said = issues.slice(0, mostProblems).map((issue) => problemWords(issue, schema, options));
  const more = issues.length > mostProblems ? ` And ${issues.length - mostProblems} more.` : "";
  const message = boundedText(
    `The options of ${what} can't be taken. ${said.join(" ")}${more}`,
    longestRefusal,
  );
  throw issues.some((issue) => isOfWrongKind(issue, options))
    ? new TypeError(message)
    : new RangeError(message);
}

function parse<T>(what: string, schema: z.ZodType<T>, options: unknown): z.ZodSafeParseResult<T> {
  try {
    return containPassing(() => schema.safeParse(options, onceInAWhile));
  } catch (error) {
    throw new TypeError(`The options of ${what} can't be read: ${thrownText(error)}`);
  }
}

/** What is wrong with one value is said in one sentence. */
function byPlace(issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue[] {
  const places = new Map<string, z.core.$ZodIssue>();
  for (const issue of eachOnce(issues)) {
    const place = JSON.stringify([issue.path.map(String), issue.code === "unrecognized_keys"]);
    const before = places.get(place);
    places.set(
      place,
      before === undefined ? issue : { ...before, message: `${before.message}; ${issue.message}` },
    );
  }
  return [...places.values()];
}

function problemWords(issue: z.core.$ZodIssue, schema: z.core.$ZodType, options: unknown): string {
  const path = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    return unknownWords(
      path === "" ? "" : `${boundedText(path, 200)}.`,
      issue.keys,
      optionsAt(schema, issue.path),
    );
  }
  const value = shownText(valueAt(issue, options), 100);
  return `${path === "" ? "They" : boundedText(path, 200)} can't be ${value}: ${issue.message}.`;
}

/** @param within where they were given, with a dot at its end */
function unknownWords(within: string, names: readonly string[], known: readonly string[]): string {
  const said: string[] = [];
  const others: string[] = [];
  for (const name of names.slice(0, mostProblems)) {
    const meant = nearestName(name, known);
    const shown = within + boundedText(name, 100);
    if (meant === undefined) others.push(shown);
    else said.push(`There is no option ${shown}; did you mean ${within}${meant}?`);
  }
  if (others.length > 0)
    said.push(`There is no option ${others.join(" or ")}; there are ${known.join(", ")}.`);
  return said.join(" ");
}

function isOfWrongKind(issue: z.core.$ZodIssue, options: unknown): boolean {
  // "Not a number" is of the right kind as far as JavaScript goes.
  if (issue.code === "invalid_type") return typeof valueAt(issue, options) !== "number";
  return issue.code === "unrecognized_keys" || issue.code === "custom";
}

function valueAt({ path }: z.core.$ZodIssue, options: unknown): unknown {
  return path.reduce(field, options);
}

/** The names that the schema takes in that place. */
function optionsAt(schema: z.core.$ZodType, [first, ...rest]: readonly PropertyKey[]): readonly string[] {
  if (schema instanceof z.ZodOptional)
    return optionsAt(schema.unwrap(), first === undefined ? [] : [first, ...rest]);
  if (!(schema instanceof z.ZodObject)) return [];
  if (first === undefined) return Object.keys(schema.shape);
  const inner: z.core.$ZodType | undefined = schema.shape[String(first)];
  return inner === undefined ? [] : optionsAt(inner, rest);
}
