import { connectionVariables } from "./variables.ts";

/** Those of this process that say where the log is. An empty one is not set. */
export function environment(): Readonly<Record<string, string>> {
  const given: Record<string, string> = {};
  for (const name of connectionVariables) {
    const value = process.env[name];
    if (value !== undefined && value !== "") given[name] = value;
  }
  return given;
}
