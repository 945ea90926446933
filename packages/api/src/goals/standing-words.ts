import { countWords, plural } from "@downbeat/domain";
import type { GoalDefinition } from "@downbeat/protocol";
import { attainedWords, type ErrorBudget, type GoodAndBad } from "./error-budget.ts";
import { windowWords } from "./goal-words.ts";

type Aim = Omit<GoalDefinition, "name">;

/** How the goal stands, in a sentence. */
export function standingWords(goal: Aim, counts: GoodAndBad, { allowed, left }: ErrorBudget): string {
  const counted = counts.good + counts.bad;
  if (counted === 0) return `No run has counted in ${windowWords(goal.days)}.`;
  const what = `${attainedWords(goal, counts)} of ${plural(counted, "run")} were good`;
  if (left < 0)
    return `Missed: ${what}. ${plural(counts.bad, "run was", "runs were")} bad, ${countWords(-left)} more than the ${countWords(allowed)} that may be.`;
  if (left === 0)
    return `Reached: ${what}. Nothing of the budget is left: the next bad run may miss the goal.`;
  return `Reached: ${what}. ${plural(left, "more run")} of ${countWords(allowed)} may be bad.`;
}

/** `3.2×`, and nothing where no run has counted. */
export function burnWords(rate: number | undefined): string {
  if (rate === undefined) return "–";
  return rate > 0 && rate < 0.1 ? "< 0.1×" : `${rate.toFixed(rate < 10 ? 1 : 0)}×`;
}
