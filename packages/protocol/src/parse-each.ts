import type { z } from "zod";
import { reasonOf } from "./reason.ts";

/** What could not be parsed, with a sentence that says why. */
export interface Malformed {
  readonly reason: string;
  readonly text: string;
}

/**
 * Parses what travels together in one message, each on its own: what is malformed goes to quarantine without taking its neighbours along.
 *
 * @param listed the candidates, of the message as JSON
 */
export function parseEach<T>(
  bytes: Uint8Array,
  listed: z.ZodType<readonly unknown[]>,
  parse: (candidate: unknown) => { readonly value: T } | { readonly reason: string },
): { readonly values: readonly T[]; readonly malformed: readonly Malformed[] } {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { values: [], malformed: [{ reason: `not JSON: ${reasonOf(error)}`, text }] };
  }
  const candidates = listed.safeParse(json);
  if (!candidates.success) return { values: [], malformed: [{ reason: reasonOf(candidates.error), text }] };
  const values: T[] = [];
  const malformed: Malformed[] = [];
  for (const candidate of candidates.data) {
    const parsed = parse(candidate);
    if ("value" in parsed) values.push(parsed.value);
    else malformed.push({ reason: parsed.reason, text: textOf(candidate) ?? text });
  }
  return { values, malformed };
}

/** `undefined`: it is nested so deeply that it can be read and not be written again. */
function textOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
