/**
 * Place of a message in its topic. Opaque but ordered: of two positions of one topic, the one that comes first in the log
 * is the smaller string. Adapters build it with {@link position}; nobody else looks inside.
 */
export type Position = string & { readonly __brand: "Position" };

/**
 * @param ledger segment number, at least 0
 * @param entry number within the segment, at least 0
 * @param batchIndex place within a batched entry, -1 when the entry is a single message
 */
export function position(ledger: number, entry: number, batchIndex = -1): Position {
  return `${pad(ledger)}:${pad(entry)}:${String(batchIndex + 1).padStart(6, "0")}` as Position;
}

export function parsePosition(value: Position): { ledger: number; entry: number; batchIndex: number } {
  // Parsed for every acknowledgement: by place, not by splitting.
  if (value.length !== 40 || value[16] !== ":" || value[33] !== ":") {
    throw new RangeError(`Not a position: ${JSON.stringify(value)}`);
  }
  return {
    ledger: numberIn(value, 0, 16),
    entry: numberIn(value, 17, 33),
    batchIndex: numberIn(value, 34, 40) - 1,
  };
}

/** NaN where something else than digits stands. */
function numberIn(text: string, from: number, to: number): number {
  let number = 0;
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

export function comparePositions(a: Position, b: Position): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

// 16 digits hold every safe integer.
function pad(value: number): string {
  return String(value).padStart(16, "0");
}
