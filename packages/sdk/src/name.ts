import { namePattern } from "@downbeat/protocol";

/** Names of jobs and workflows become parts of topic names. */
export function checkName(what: string, name: string): void {
  if (namePattern.test(name)) return;
  throw new RangeError(
    `${JSON.stringify(name)} can't name a ${what}: use letters, digits, - and _, a letter first, at most 100 characters.`,
  );
}
