import { z } from "zod";
import type { Context } from "../context.ts";

export const DeleteQuery = z.object({ id: z.string().min(1).max(100) });

/** One that is not there is deleted: somebody else was quicker. */
export async function deleteQuery(
  { savedQueries, actor, now }: Context,
  { id }: z.infer<typeof DeleteQuery>,
): Promise<void> {
  const known = await savedQueries.list();
  if (!known.some((query) => query.id === id)) return;
  await savedQueries.append({ type: "deleted", id, by: actor, at: now() });
}
