import { CommandFailure } from "../failure.ts";
import { readText } from "./read-text.ts";

/** JSON given on the command line, in a file, or (`-`) on standard input. `undefined` when none of them is. */
export async function jsonInput(given: {
  readonly value?: string | undefined;
  readonly file?: string | undefined;
}): Promise<string | undefined> {
  if (given.value !== undefined && given.file !== undefined) {
    throw new CommandFailure("usage", "Give the JSON on the command line or in a file, not both.");
  }
  const from = given.value === "-" ? "-" : given.file;
  const json = from === undefined ? given.value : await readText(from);
  if (json === undefined) return undefined;
  try {
    JSON.parse(json);
  } catch (error) {
    const where = from === undefined ? "What was given" : from === "-" ? "Standard input" : from;
    throw new CommandFailure("usage", `${where} is not JSON: ${(error as Error).message}`);
  }
  return json;
}
