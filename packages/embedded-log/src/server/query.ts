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

/** One of the words, the first when it is not there. */
export function oneOf<Word extends string>(
  query: URLSearchParams,
  name: string,
  words: readonly [Word, ...Word[]],
): Word {
  const text = query.get(name);
  if (text === null) return words[0];
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw new LogError("invalid", `${name} must be ${list(words)}, not ${JSON.stringify(text)}.`);
}

function list(words: readonly string[]): string {
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
