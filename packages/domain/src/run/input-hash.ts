import { encryptedOf } from "../encrypted.ts";
import { hashString } from "../hash.ts";
import type { Payload } from "../payload.ts";

/** Nested deeper, a value is told from others by its text as it is. */
const deepest = 100;

/**
 * Tells whether two starts give a run the same input: 53 bits over its JSON with the names of objects in order, so that spaces and the order in which a
 * sender writes names make no difference. Encrypted twice, a value is never the same text: then what its envelope says of that counts. Frozen: it is kept of
 * runs that are over.
 */
export function inputHash(input: Payload): number {
  const text = canonical(input);
  // As many bits as a number holds exactly.
  return hashString(text) * 2 ** 21 + (hashString(`input ${text}`) >>> 11);
}

/** An input's hash as people compare it. */
export function inputDigest(input: Payload): string {
  return digestOf(inputHash(input));
}

export function digestOf(hash: number): string {
  return hash.toString(16).padStart(14, "0");
}

function canonical(input: Payload): string {
  const same = encryptedOf(input)?.same;
  return same === undefined ? orderedText(input) : `encrypted ${same}`;
}

/** The JSON with the names of objects in order. Frozen, as what is made of it. */
export function orderedText(input: Payload): string {
  try {
    return JSON.stringify(ordered(JSON.parse(input), deepest));
  } catch {
    return input;
  }
}

/** @throws RangeError when it is nested too deeply */
function ordered(value: unknown, levels: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (levels === 0) throw new RangeError("nested too deeply");
  if (Array.isArray(value)) return value.map((item) => ordered(item, levels - 1));
  const names = Object.keys(value).sort();
  // A list of pairs: of an object's names, numbers would come first again.
  return { o: names.map((name) => [name, ordered((value as Record<string, unknown>)[name], levels - 1)]) };
}
