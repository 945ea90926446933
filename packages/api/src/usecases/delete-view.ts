import { z } from "zod";
import type { Context } from "../context.ts";
import { isSeenBy } from "../saved-views/saved-views.ts";
import type { DeleteViewAnswer } from "../views.ts";
import { mayChange } from "./save-view.ts";

export const DeleteView = z.object({
  id: z.string().min(1).max(100),
  /** Which version of it was seen: one that somebody changed meanwhile stays. */
  version: z.number().int().min(1),
});

/** One that is not there is deleted: somebody else was quicker. */
export async function deleteView(
  context: Context,
  { id, version }: z.infer<typeof DeleteView>,
): Promise<DeleteViewAnswer> {
  const { savedViews, actor, now, newId } = context;
  const before = (await savedViews.of(actor)).find((view) => view.id === id);
  if (before === undefined) return { outcome: "deleted", wasGone: true };
  mayChange(context, before, false);
  if (before.version !== version) return { outcome: "conflict", current: before };
  await savedViews.append({
    type: "deleted",
    id,
    by: actor,
    at: now(),
    replaces: version,
    changeId: newId(),
  });
  const state = savedViews.stateOf(id);
  return state !== undefined && "view" in state && isSeenBy(state.view, actor)
    ? { outcome: "conflict", current: state.view }
    : { outcome: "deleted" };
}
