import { maxPayloadLevels, nestingProblem, type Payload, payloadProblem, utf8Length } from "@downbeat/domain";
import type { z } from "zod";
import { type Loss, lostInJson, pathText } from "./lost-in-json.ts";
import { checkNow } from "./schema-check.ts";
import { isInstance } from "./thrown/careful.ts";
import { ended } from "./thrown/ended.ts";
import { isOverflow } from "./thrown/overflow.ts";
import { thrownText } from "./thrown/read-thrown.ts";
import { unreadableIn } from "./unreadable.ts";

/** A value can't be carried: it is no JSON, would not arrive as it is, or is too long. The message is a sentence for the author of the code. */
export class PayloadError extends Error {
  override readonly name = "PayloadError";
  readonly isTooLong: boolean;
  /** Of the value as JSON; 0 where it is none. */
  readonly bytes: number;
  /** It can't be encrypted: its key is gone, or not known. */
  readonly lacksKey: boolean;

  constructor(message: string, { isTooLong = false, bytes = 0, lacksKey = false } = {}) {
    super(message);
    this.isTooLong = isTooLong;
    this.lacksKey = lacksKey;
    this.bytes = bytes;
  }
}

export interface Encoding {
  /** What the JSON is read by where it arrives: a date or a BigInt that the schema makes again of its text is not lost. */
  readonly schema?: z.ZodType | undefined;
  /** Whether what JSON loses is lost, as it was in code that lives by the rules from before. */
  readonly isLossy?: boolean;
  /** Whether it may be nested however deep, as it might in code that lives by the rules from before. */
  readonly isAnyDepth?: boolean;
}

/**
 * @param what begins the sentence of the error, e.g. "The input of bookFlight"
 * @throws PayloadError
 */
export function encodePayload(
  value: unknown,
  what: string,
  { schema, isLossy = false, isAnyDepth = isLossy }: Encoding = {},
): Payload {
  const text = stringify(value, what, schema === undefined || isLossy ? undefined : bigIntsAsText);
  const problem = payloadProblem(what, text);
  const bytes = utf8Length(text);
  if (problem !== undefined) throw new PayloadError(problem, { isTooLong: true, bytes });
  // Looking for losses goes level by level, as whoever reads it will.
  const nesting = isAnyDepth ? undefined : nestingProblem(what, text);
  if (nesting !== undefined) throw new PayloadError(nesting, { isTooLong: true, bytes });
  const loss = isLossy
    ? undefined
    : lossIn(value, (loss) => schema !== undefined && comesBack(loss, schema, text));
  if (loss !== undefined)
    throw new PayloadError(`${what} can't be written as JSON: ${lossText(loss)}.`, { bytes });
  return text;
}

export function decodePayload(payload: Payload): unknown {
  return JSON.parse(payload);
}

function bigIntsAsText(_name: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

function stringify(
  value: unknown,
  what: string,
  replacer: ((name: string, value: unknown) => unknown) | undefined,
): string {
  if (value === undefined) return "null";
  let text: string | undefined;
  try {
    text = JSON.stringify(value, replacer);
  } catch (error) {
    if (isOverflow(error))
      throw new PayloadError(`${what} is nested too deeply; the limit is ${maxPayloadLevels} levels.`, {
        isTooLong: true,
      });
    throw new PayloadError(`${what} can't be written as JSON: ${ended(whyNotJson(value, error))}`);
  }
  if (text === undefined)
    throw new PayloadError(`${what} can't be written as JSON: it is ${nameOfKind(value)}.`);
  return text;
}

/** Of a value that throws when it is looked at, JSON's own word counts. */
function lossIn(value: unknown, isTaken: (loss: Loss) => boolean): Loss | undefined {
  try {
    return lostInJson(value, isTaken);
  } catch {
    return undefined;
  }
}

/** @param error that came of writing it */
function whyNotJson(value: unknown, error: unknown): string {
  const unreadable = unreadableIn(value);
  if (unreadable !== undefined) return unreadable;
  // A TypeError is JSON's own, of a BigInt or a cycle.
  const loss = isInstance(error, TypeError) ? lossIn(value, ({ kind }) => kind === "date") : undefined;
  return loss === undefined ? thrownText(error) : lossText(loss);
}

function comesBack({ path, kind }: Loss, schema: z.ZodType, text: string): boolean {
  const read = checkNow(schema, JSON.parse(text));
  if (!read.ok) return false;
  let found: unknown = read.value;
  for (const step of path) {
    if (typeof found !== "object" || found === null) return false;
    found = Reflect.get(found, step);
  }
  return kind === "bigint" ? typeof found === "bigint" : found instanceof Date;
}

function lossText({ path, problem }: Loss): string {
  return `${pathText(path)} ${problem}`;
}

function nameOfKind(value: unknown): string {
  // An object whose toJSON comes to nothing.
  return typeof value === "object" ? "an object without a JSON form" : `a ${typeof value}`;
}
