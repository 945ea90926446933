import { createHash } from "node:crypto";
import { z } from "zod";

/** How far a follower has come: a change of one build of the cache, and an event of each run it follows. */
export interface LiveCursor {
  readonly generation: string;
  readonly change: number;
  /** In the order of the runs. */
  readonly seqs: readonly number[];
}

const number = z.coerce.number().int().min(0);

/** @param runIds that are followed: the numbers of their events are of no other runs */
export function encodeLiveCursor(
  { generation, change, seqs }: LiveCursor,
  runIds: readonly string[],
): string {
  const parts = [generation, change];
  if (seqs.length > 0) parts.push([markOf(runIds), ...seqs].join("."));
  return parts.join("-");
}

/** `undefined` for text that is no id of ours: then everything is sent again. */
export function decodeLiveCursor(id: string, runIds: readonly string[]): LiveCursor | undefined {
  const [generation = "", change, places = "", ...more] = id.split("-");
  const [mark, ...seqs] = places.split(".");
  const parsed = z.tuple([number, z.array(number)]).safeParse([change, seqs]);
  if (!parsed.success || generation === "" || more.length > 0) return undefined;
  return { generation, change: parsed.data[0], seqs: mark === markOf(runIds) ? parsed.data[1] : [] };
}

function markOf(runIds: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(runIds)).digest("hex").slice(0, 8);
}
