/**
 * A user's value as JSON text. The engine carries it from workflow to worker without looking inside, so that it costs no
 * parsing on the way and comes out byte for byte as it went in.
 */
export type Payload = string;

/** Longest payload, in bytes of UTF-8 as everywhere. Bigger values belong in a store of their own, with a reference here. */
export const maxPayloadBytes = 131_072;

/** Levels of lists and objects inside of one another. Code that goes through a value level by level has room for so many wherever it comes by. */
export const maxPayloadLevels = 1_000;

/** Whether a value that somebody gives is nested too deeply, as a sentence; nothing when it is not. */
export function nestingProblem(what: string, payload: Payload): string | undefined {
  // Each level takes two brackets.
  if (payload.length < 2 * maxPayloadLevels) return undefined;
  const levels = levelsOf(payload);
  if (levels <= maxPayloadLevels) return undefined;
  return `${what} is nested ${levels} levels deep; the limit is ${maxPayloadLevels}.`;
}

function levelsOf(payload: Payload): number {
  let levels = 0;
  let deepest = 0;
  let isText = false;
  for (let index = 0; index < payload.length; index++) {
    const unit = payload[index];
    if (isText) {
      if (unit === "\\") index++;
      else if (unit === '"') isText = false;
    } else if (unit === '"') isText = true;
    else if (unit === "[" || unit === "{") deepest = Math.max(deepest, ++levels);
    else if (unit === "]" || unit === "}") levels--;
  }
  return deepest;
}

/** What is wrong with the payload, as a sentence; nothing when it is short enough. */
export function payloadProblem(what: string, payload: Payload): string | undefined {
  // A code unit takes six bytes at most, so most payloads need no counting.
  if (payload.length * 6 <= maxPayloadBytes) return undefined;
  const bytes = utf8Length(payload);
  if (bytes <= maxPayloadBytes) return undefined;
  return `${what} is ${bytes} bytes of JSON; the limit is ${maxPayloadBytes}.`;
}

/** Bytes of the text in UTF-8; half of a surrogate pair counts as the escape that JSON writes in its place. */
export function utf8Length(text: string): number {
  let bytes = text.length;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x80) continue;
    bytes += 1;
    if (code < 0x800) continue;
    bytes += 1;
    if (code < 0xd800 || code > 0xdfff) continue;
    const next = text.charCodeAt(index + 1);
    // A pair is four bytes for two units.
    if (code <= 0xdbff && next >= 0xdc00 && next <= 0xdfff) index++;
    else bytes += 3;
  }
  return bytes;
}
