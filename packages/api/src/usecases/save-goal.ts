import { goalDefinition } from "@downbeat/protocol";
import { z } from "zod";
import type { Context } from "../context.ts";
import { saveShared } from "../shared/save-shared.ts";
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

export async function saveGoal(context: Context, input: z.infer<typeof SaveGoal>): Promise<SaveGoalAnswer> {
  const { goal, id, version } = input;
  const { counts, state } = await saveShared(context, {
    things: context.goals,
    one: "goal",
    most: mostGoals,
    id,
    version,
    content: { goal },
    messageOf: (stamp) => ({ type: "saved" as const, ...stamp, goal }),
  });
  if (!("saved" in state)) return { outcome: "conflict", current: state };
  const there = goalView(state.saved);
  return counts ? { outcome: "saved", goal: there } : { outcome: "conflict", current: { goal: there } };
}
