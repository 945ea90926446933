import { z } from "zod";

/** Where a page of runs ended: the time it is sorted by, and the number of the run. Opaque to whoever holds it. */
export interface Cursor {
  readonly at: number;
  readonly id: number;
}

/** The text is no cursor of ours. */
export class BadCursor extends Error {
  override readonly name = "BadCursor";
}

const runPlace = z.tuple([z.number().int(), z.number().int()]);

export function encodeCursor({ at, id }: Cursor): string {
  return encodePlace([at, id]);
}

export function decodeCursor(text: string): Cursor {
  const [at, id] = decodePlace(text, runPlace);
  return { at, id };
}

/**
 * A place in a list, as text. It names the last item by everything that the list is sorted by, down to what no other item has: where it named less, items
 * that are equal in it would be lost at the border of a page.
 */
export function encodePlace(place: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

export function decodePlace<T>(text: string, shape: z.ZodType<T>): T {
  try {
    return shape.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
  } catch (cause) {
    throw new BadCursor("The cursor is not one of this list.", { cause });
  }
}
