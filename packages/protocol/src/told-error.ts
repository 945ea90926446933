import type { Failure, Payload } from "@downbeat/domain";
import { failure } from "./fields.ts";
import { parseJson } from "./parse-json.ts";

const told = failure.pick({ message: true, stack: true, details: true, causes: true }).partial();

/** What an envelope of an error holds, which stands in the details of the failure: all that may quote what code was given. */
export type ToldError = Partial<Pick<Failure, "message" | "stack" | "details" | "causes">>;

/** `undefined` for what is none. */
export function readToldError(payload: Payload): ToldError | undefined {
  // JSON knows no `undefined`: what is not there is absent.
  return parseJson(told, Buffer.from(payload)) as ToldError | undefined;
}
