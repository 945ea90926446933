import { isProxy } from "node:util/types";
import { isInstance } from "./careful.ts";
import { thrownText } from "./read-thrown.ts";

/** As it is where it is an `Error` that can be looked at; else one that says what was thrown. */
export function asError(thrown: unknown): Error {
  if (!isProxy(thrown) && isInstance(thrown, Error)) return thrown;
  return new Error(thrownText(thrown));
}
