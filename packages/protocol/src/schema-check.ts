import { z } from "zod";
import type { JsonSchema } from "./announced-schema.ts";
import { checkable } from "./checkable-schema.ts";

export interface SchemaIssue {
  readonly message: string;
  readonly path: readonly PropertyKey[];
}

/** What of a JSON value doesn't fit; empty where it fits. */
export type SchemaCheck = (value: unknown) => readonly SchemaIssue[];

/**
 * A check by a schema that somebody announced. It never refuses what the schema takes: of what it does not know it lets everything pass.
 *
 * The schema's patterns are run as they are: whoever can't wait without end for one bounds the time of the check.
 */
export function schemaCheck(schema: JsonSchema): SchemaCheck {
  const parsed = z.fromJSONSchema(checkable(schema) as Parameters<typeof z.fromJSONSchema>[0], {
    registry: z.registry(),
  });
  const formats = formatsOf(schema);
  return (value) => {
    const result = parsed.safeParse(value);
    if (result.success) return [];
    return result.error.issues.flatMap(plainest).map(({ message, path }) => {
      const format = formats.get(message);
      return { message: format === undefined ? message : `Invalid ${format}`, path };
    });
  };
}

const formatWords: Readonly<Record<string, string>> = {
  "date-time": "ISO datetime",
  date: "ISO date",
  duration: "ISO duration",
  email: "email address",
  ipv4: "IPv4 address",
  ipv6: "IPv6 address",
  time: "ISO time",
  uuid: "UUID",
};

/** What is said of a pattern, and what the pattern stands for: nobody is to read zod's rule of what an email address is. */
function formatsOf(schema: unknown, found = new Map<string, string>(), depth = 0): Map<string, string> {
  if (typeof schema !== "object" || schema === null || depth > 100) return found;
  const { pattern, format } = schema as { readonly pattern?: unknown; readonly format?: unknown };
  if (typeof pattern === "string" && typeof format === "string") {
    const words = Object.hasOwn(formatWords, format) ? formatWords[format] : format;
    if (words !== undefined) found.set(`Invalid string: must match pattern /${pattern}/`, words);
  }
  for (const inside of Object.values(schema)) formatsOf(inside, found, depth + 1);
  return found;
}

/** Of a value that fits none of several choices, what it lacks of the choice that it is nearest to. */
function plainest(issue: z.core.$ZodIssue): readonly SchemaIssue[] {
  if (issue.code !== "invalid_union" || issue.errors.length === 0) return [issue];
  const inside = issue.errors.filter((issues) => issues.every(({ path }) => path.length > 0));
  const [nearest = []] = [...inside].sort(
    (a, b) => Number(isOfAnother(a)) - Number(isOfAnother(b)) || a.length - b.length,
  );
  if (nearest.length > 0)
    return nearest
      .flatMap(plainest)
      .map(({ message, path }) => ({ message, path: [...issue.path, ...path] }));
  const kinds = issue.errors.flatMap((issues) =>
    issues.flatMap((one) => (one.code === "invalid_type" ? [one.expected] : [])),
  );
  if (kinds.length !== issue.errors.length) return [issue];
  return [{ message: `Invalid input: expected ${[...new Set(kinds)].join(" or ")}`, path: issue.path }];
}

/** A constant of its own says that the value is another choice. */
function isOfAnother(issues: readonly z.core.$ZodIssue[]): boolean {
  return issues.some(({ code, path }) => code === "invalid_value" && path.length === 1);
}
