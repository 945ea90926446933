import { z } from "zod";

/** Where a page ended: the time it is sorted by, and the number of the run. Opaque to whoever holds it. */
export interface Cursor {
  readonly at: number;
  readonly id: number;
}

/** The text is no cursor of ours. */
export class BadCursor extends Error {
  override readonly name = "BadCursor";
}

const shape = z.tuple([z.number().int(), z.number().int()]);

export function encodeCursor({ at, id }: Cursor): string {
  return Buffer.from(JSON.stringify([at, id])).toString("base64url");
}

export function decodeCursor(text: string): Cursor {
  try {
    const [at, id] = shape.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
    return { at, id };
  } catch (cause) {
    throw new BadCursor("The cursor is not one of this list.", { cause });
  }
}
