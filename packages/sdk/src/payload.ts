import { maxPayloadLength, type Payload } from "@downbeat/domain";

/** A value can't be carried: it is no JSON, or too long. The message is a sentence for the author of the code. */
export class PayloadError extends Error {
  override readonly name = "PayloadError";
  readonly isTooLong: boolean;

  constructor(message: string, isTooLong = false) {
    super(message);
    this.isTooLong = isTooLong;
  }
}

/**
 * @param what begins the sentence of the error, e.g. "The input of bookFlight"
 * @throws PayloadError
 */
export function encodePayload(value: unknown, what: string): Payload {
  const text = stringify(value, what);
  if (text.length > maxPayloadLength) {
    throw new PayloadError(
      `${what} is ${text.length} characters of JSON; the limit is ${maxPayloadLength}.`,
      true,
    );
  }
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
    throw new PayloadError(
      `${what} can't be written as JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  if (text === undefined)
    throw new PayloadError(`${what} can't be written as JSON: it is a ${typeof value}.`);
  return text;
}
