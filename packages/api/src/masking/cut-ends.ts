/** Where a text was cut. */
export const cutMark = "…";

export interface Found {
  readonly from: number;
  readonly to: number;
}

/**
 * Where a text that was cut ends with the beginning of a value: what is left of an error for a list may end in the midst of one, which nobody would find as a whole.
 *
 * @param leastLength of such a beginning
 */
export function cutEnds(text: string, values: readonly string[], leastLength: number): Found[] {
  const found: Found[] = [];
  const plain = sameCase(text);
  const beginnings = values.map(sameCase);
  for (let at = text.indexOf(cutMark); at !== -1; at = text.indexOf(cutMark, at + 1)) {
    const length = beginnings.reduce((most, value) => Math.max(most, beginningAt(plain, at, value)), 0);
    if (length >= leastLength) found.push({ from: at - length, to: at });
  }
  return found;
}

/** The length of the longest beginning of the value that ends there, but not of all of it (Knuth, Morris and Pratt). */
function beginningAt(text: string, end: number, value: string): number {
  const shorter: number[] = [0];
  for (let at = 1, length = 0; at < value.length; at++) {
    while (length > 0 && value[at] !== value[length]) length = shorter[length - 1] ?? 0;
    if (value[at] === value[length]) length += 1;
    shorter.push(length);
  }
  let length = 0;
  for (let at = Math.max(0, end - value.length + 1); at < end; at++) {
    while (length > 0 && text[at] !== value[length]) length = shorter[length - 1] ?? 0;
    if (text[at] === value[length]) length += 1;
  }
  return length;
}

/** Character by character, so that each stays at its place. */
function sameCase(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text;
}
