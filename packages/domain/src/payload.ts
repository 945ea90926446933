/**
 * A user's value as JSON text. The engine carries it from workflow to worker without looking inside, so that it costs no
 * parsing on the way and comes out byte for byte as it went in.
 */
export type Payload = string;

/** Longest payload, in bytes of UTF-8 as everywhere. Bigger values belong in a store of their own, with a reference here. */
export const maxPayloadBytes = 131_072;

/** What is wrong with the payload, as a sentence; nothing when it is short enough. */
export function payloadProblem(what: string, payload: Payload): string | undefined {
  // A code unit takes three bytes at most, so most payloads need no counting.
  if (payload.length * 3 <= maxPayloadBytes) return undefined;
  const bytes = utf8Length(payload);
  if (bytes <= maxPayloadBytes) return undefined;
  return `${what} is ${bytes} bytes of JSON; the limit is ${maxPayloadBytes}.`;
}

/** Bytes of the text in UTF-8; half of a surrogate pair counts as what is written in its place. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x80) continue;
    bytes += 1;
    if (code < 0x800) continue;
    bytes += 1;
    if (code < 0xd800 || code > 0xdbff) continue;
    const next = text.charCodeAt(index + 1);
    // A pair is four bytes for two units.
    if (next >= 0xdc00 && next <= 0xdfff) index++;
  }
  return bytes;
}
