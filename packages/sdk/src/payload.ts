import { type Payload, payloadProblem, utf8Length } from "@downbeat/domain";
import { thrownText } from "./thrown/read-thrown.ts";

/** A value can't be carried: it is no JSON, or too long. The message is a sentence for the author of the code. */
export class PayloadError extends Error {
  override readonly name = "PayloadError";
  readonly isTooLong: boolean;
  /** Of the value as JSON; 0 where it is none. */
  readonly bytes: number;

  constructor(message: string, { isTooLong = false, bytes = 0 } = {}) {
    super(message);
    this.isTooLong = isTooLong;
    this.bytes = bytes;
  }
}

/**
 * @param what begins the sentence of the error, e.g. "The input of bookFlight"
 * @throws PayloadError
 */
export function encodePayload(value: unknown, what: string): Payload {
  const text = stringify(value, what);
  const problem = payloadProblem(what, text);
  if (problem !== undefined) throw new PayloadError(problem, { isTooLong: true, bytes: utf8Length(text) });
  return text;
}

export function decodePayload(payload: Payload): unknown {
  return JSON.parse(payload);
}

function stringify(value: unknown, what: string): string {
  if (value === undefined) return "null";
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw new PayloadError(`${what} can't be written as JSON: ${ended(thrownText(error))}`);
  }
  if (text === undefined)
    throw new PayloadError(`${what} can't be written as JSON: it is ${nameOfKind(value)}.`);
  return text;
}

function nameOfKind(value: unknown): string {
  // An object whose toJSON comes to nothing.
  return typeof value === "object" ? "an object without a JSON form" : `a ${typeof value}`;
}

function ended(sentence: string): string {
  return /[.!?…]$/.test(sentence) ? sentence : `${sentence}.`;
}
