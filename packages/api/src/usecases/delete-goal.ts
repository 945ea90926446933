import type { z } from "zod";
import type { Context } from "../context.ts";
import { type DeleteShared, deleteShared } from "../shared/delete-shared.ts";
import type { DeleteGoalAnswer } from "../views.ts";
import { goalView } from "./list-goals.ts";

export async function deleteGoal(
  context: Context,
  which: z.infer<typeof DeleteShared>,
): Promise<DeleteGoalAnswer> {
  const answer = await deleteShared(context, context.goals, which);
  return answer.outcome === "conflict" ? { ...answer, current: goalView(answer.current) } : answer;
}
