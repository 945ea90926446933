import { z } from "zod";
import type { Context } from "../context.ts";
import type { DeleteQueryAnswer } from "../views.ts";

export const DeleteQuery = z.object({
  id: z.string().min(1).max(100),
  /** Which version of it was seen: one that somebody changed meanwhile stays. */
  version: z.number().int().min(1),
});

/** One that is not there is deleted: somebody else was quicker. */
export async function deleteQuery(
  { savedQueries, actor, now, newId }: Context,
  { id, version }: z.infer<typeof DeleteQuery>,
): Promise<DeleteQueryAnswer> {
  const known = await savedQueries.list();
  if (!known.some((query) => query.id === id)) return { outcome: "deleted", wasGone: true };
  const by = { by: actor, at: now(), replaces: version, changeId: newId() };
  await savedQueries.append({ type: "deleted", id, ...by });
  const state = savedQueries.stateOf(id);
  return state !== undefined && "query" in state
    ? { outcome: "conflict", current: state.query }
    : { outcome: "deleted" };
}
