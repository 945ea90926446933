import { isInstance, stringField } from "./careful.ts";

/** What V8 throws of what is nested too deeply; code may throw a RangeError of its own. */
export function isOverflow(error: unknown): boolean {
  return (
    isInstance(error, RangeError) && stringField(error, "message") === "Maximum call stack size exceeded"
  );
}
