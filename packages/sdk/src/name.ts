import { namePattern } from "@downbeat/protocol";
import { shownText } from "./thrown/shown-value.ts";

/** Names of jobs and workflows become parts of topic names. */
export function checkName(what: string, name: unknown): asserts name is string {
  if (typeof name === "string" && namePattern.test(name)) return;
  throw new RangeError(
    `${shownText(name, 200)} can't name a ${what}: use letters, digits, - and _, a letter first, at most 100 characters.`,
  );
}
