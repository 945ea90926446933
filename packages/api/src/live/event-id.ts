import { z } from "zod";

/** How far a follower has come: a change of one build of the cache, and an event of the run it follows. */
export interface LiveCursor {
  readonly generation: string;
  readonly change: number;
  readonly seq: number;
}

const number = z.coerce.number().int().min(0);
const parts = z.tuple([z.string().min(1), number, number]);

export function encodeLiveCursor({ generation, change, seq }: LiveCursor): string {
  return `${generation}-${change}-${seq}`;
}

/** `undefined` for text that is no id of ours: then everything is sent again. */
export function decodeLiveCursor(id: string): LiveCursor | undefined {
  const parsed = parts.safeParse(id.split("-"));
  if (!parsed.success) return undefined;
  const [generation, change, seq] = parsed.data;
  return { generation, change, seq };
}
