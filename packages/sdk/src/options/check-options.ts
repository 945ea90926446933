import type { z } from "zod";
import { containPassing } from "../stray-rejections.ts";
import { boundedText } from "../thrown/bounded-text.ts";
import { field } from "../thrown/careful.ts";
import { thrownText } from "../thrown/read-thrown.ts";
import { shownText } from "../thrown/shown-value.ts";

const mostProblems = 5;

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
  const { issues } = parsed.error;
  const said = issues.slice(0, mostProblems).map((issue) => problemWords(issue, options));
  const more = issues.length > mostProblems ? ` And ${issues.length - mostProblems} more.` : "";
  const message = boundedText(`The options of ${what} can't be taken. ${said.join(" ")}${more}`, 2_000);
  throw issues.some((issue) => isOfWrongKind(issue, options))
    ? new TypeError(message)
    : new RangeError(message);
}

function parse<T>(what: string, schema: z.ZodType<T>, options: unknown): z.ZodSafeParseResult<T> {
  try {
    return containPassing(() => schema.safeParse(options));
  } catch (error) {
    throw new TypeError(`The options of ${what} can't be read: ${thrownText(error)}`);
  }
}

function problemWords(issue: z.core.$ZodIssue, options: unknown): string {
  const path = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    const names = issue.keys.slice(0, mostProblems).map((name) => boundedText(name, 100));
    return `There is no option ${names.map((name) => (path === "" ? name : `${path}.${name}`)).join(", ")}.`;
  }
  const value = shownText(valueAt(issue, options), 100);
  return `${path === "" ? "They" : boundedText(path, 200)} can't be ${value}: ${issue.message}.`;
}

function isOfWrongKind(issue: z.core.$ZodIssue, options: unknown): boolean {
  // "Not a number" is of the right kind as far as JavaScript goes.
  if (issue.code === "invalid_type") return typeof valueAt(issue, options) !== "number";
  return issue.code === "unrecognized_keys" || issue.code === "custom";
}

function valueAt({ path }: z.core.$ZodIssue, options: unknown): unknown {
  return path.reduce(field, options);
}
