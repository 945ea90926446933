import { z } from "zod";
import type { Context } from "../context.ts";
import type { DeleteGoalAnswer } from "../views.ts";
import { goalView } from "./list-goals.ts";

export const DeleteGoal = z.object({
  id: z.string().min(1).max(100),
  /** Which version of it was seen: one that somebody changed meanwhile stays. */
  version: z.number().int().min(1),
});

/** One that is not there is deleted: somebody else was quicker. */
export async function deleteGoal(
  { goals, actor, now, newId }: Context,
  { id, version }: z.infer<typeof DeleteGoal>,
): Promise<DeleteGoalAnswer> {
  const before = (await goals.all()).find((one) => one.id === id);
  if (before === undefined) return { outcome: "deleted", wasGone: true };
  if (before.version !== version) return { outcome: "conflict", current: goalView(before) };
  await goals.append({ type: "deleted", id, by: actor, at: now(), replaces: version, changeId: newId() });
  const state = goals.stateOf(id);
  return state !== undefined && "saved" in state
    ? { outcome: "conflict", current: goalView(state.saved) }
    : { outcome: "deleted" };
}
