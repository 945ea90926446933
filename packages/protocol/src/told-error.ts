import type { Payload } from "@downbeat/domain";
import type { z } from "zod";
import { failure } from "./fields.ts";
import { parseJson } from "./parse-json.ts";

const told = failure.pick({ message: true, stack: true, details: true, causes: true }).partial();

/** What an envelope of an error holds, which stands in the details of the failure: all that may quote what code was given. */
export type ToldError = z.output<typeof told>;

/** `undefined` for what is none. */
export function readToldError(payload: Payload): ToldError | undefined {
  return parseJson(told, Buffer.from(payload));
}
