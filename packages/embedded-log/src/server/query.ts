import { LogError } from "@downbeat/message-log";

/** A whole number in the query, `undefined` when it is not there. */
export function wholeNumber(query: URLSearchParams, name: string, least: number): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(value) && value >= least) return value;
  throw new LogError(
    "invalid",
    `${name} must be a whole number of at least ${least}, not ${JSON.stringify(text)}.`,
  );
}
