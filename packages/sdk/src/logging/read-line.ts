import { boundedText } from "../thrown/bounded-text.ts";
import { isInstance } from "../thrown/careful.ts";
import { readThrown } from "../thrown/read-thrown.ts";
import { shownFields, shownText } from "../thrown/shown-value.ts";

const longestMessage = 2_000;
const mostValues = 100;
const mostBytes = 8_000;
const longestStack = 2_000;

type Fields = Readonly<Record<string, unknown>>;

/**
 * What was given to a method of a log, as values that can be handed on: bounded, plain, and read once. Errors among the fields come with their stacks, as pino shows
 * them; an error alone is the field `err`. Never throws.
 */
export function readLine(
  first: unknown,
  second: unknown,
): { readonly fields: Fields; readonly message: string } {
  if (typeof first === "string")
    return { fields: fieldsOf(second), message: boundedText(first, longestMessage) };
  const fields = isInstance(first, Error) ? { err: shownError(first) } : fieldsOf(first);
  const given = second ?? (isInstance(first, Error) ? readThrown(first).message : "");
  const message = typeof given === "string" ? given : shownText(given, longestMessage);
  return { fields, message: boundedText(message, longestMessage) };
}

function fieldsOf(given: unknown): Fields {
  if (given === undefined || given === null) return {};
  const shown = typeof given === "object" ? shownFields(given, [], mostValues, shownError) : undefined;
  if (shown !== undefined) return fitting(shown);
  return isEmpty(given) ? {} : { value: shownText(given, longestMessage) };
}

/** The first ones, as many as there is room for. */
function fitting(fields: Fields): Fields {
  let bytes = 0;
  const entries = Object.entries(fields);
  const end = entries.findIndex((entry) => {
    bytes += Buffer.byteLength(JSON.stringify(entry));
    return bytes > mostBytes;
  });
  if (end < 0) return fields;
  const leftOut = `${entries.length - end} fields that are too large`;
  return { ...Object.fromEntries(entries.slice(0, end)), leftOut };
}

function isEmpty(given: unknown): boolean {
  return shownText(given, 10) === "{}";
}

function shownError(error: Error): Readonly<Record<string, string>> {
  const { name, message, stack } = readThrown(error);
  return { type: name, message, ...(stack !== undefined && { stack: boundedText(stack, longestStack) }) };
}
