import type { Context } from "../context.ts";
import { goalWords } from "../goals/goal-words.ts";
import type { SavedGoal } from "../goals/goals.ts";
import type { GoalList, GoalView } from "../views.ts";

export async function listGoals({ goals }: Context): Promise<GoalList> {
  return { goals: (await goals.all()).map(goalView) };
}

export function goalView(saved: SavedGoal): GoalView {
  return { ...saved, words: goalWords(saved.goal) };
}
