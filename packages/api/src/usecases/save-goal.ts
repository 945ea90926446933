import { goalDefinition } from "@downbeat/protocol";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import type { GoalState } from "../goals/goal-fold.ts";
import type { SaveGoalAnswer } from "../views.ts";
import { goalView } from "./list-goals.ts";

const mostGoals = 200;

export const SaveGoal = z
  .object({
    /** Of the goal whose place it takes; absent for a new one. */
    id: z.string().min(1).max(100).optional(),
    /** Which version of that one was seen: if somebody saved another meanwhile, nothing is changed. */
    version: z.number().int().min(1).optional(),
    goal: goalDefinition,
  })
  .refine(({ id, version }) => (id === undefined) === (version === undefined), {
    message: "say which version of the goal it takes the place of",
    path: ["version"],
  });

/** Of one name, and how many there may be, is decided by what this server knows: two that are saved at once may both be there. Goals are told apart by their ids. */
export async function saveGoal(context: Context, input: z.infer<typeof SaveGoal>): Promise<SaveGoalAnswer> {
  const { goals, actor, now, newId } = context;
  const { goal, version = 0 } = input;
  const known = await goals.all();
  const id = input.id ?? newId();
  // What is changed is what was looked at, not what whoever asks says will be there.
  if (input.id !== undefined) {
    const current = goals.stateOf(id);
    if (current === undefined) throw new ApiError("notFound", "There is no such goal.");
    if (goals.versionOf(id) !== version) return conflict(current);
  }
  const name = goal.name.toLowerCase();
  if (known.some((one) => one.id !== id && one.goal.name.toLowerCase() === name))
    throw new ApiError("badInput", "There is a goal of that name already: choose another name.");
  if (known.every((one) => one.id !== id) && known.length >= mostGoals)
    throw new ApiError("badInput", `There are ${mostGoals} goals already: delete one that nobody needs.`);
  const counts = await goals.append({
    type: "saved",
    id,
    by: actor,
    at: now(),
    replaces: version,
    changeId: newId(),
    goal,
  });
  const state = goals.stateOf(id);
  if (state === undefined) throw new ApiError("unavailable", "The goal was not kept: try again.");
  return counts && "saved" in state ? { outcome: "saved", goal: goalView(state.saved) } : conflict(state);
}

function conflict(state: GoalState): SaveGoalAnswer {
  return { outcome: "conflict", current: "saved" in state ? { goal: goalView(state.saved) } : state };
}
