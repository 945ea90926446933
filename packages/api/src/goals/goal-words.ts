import { countWords, durationWords, plural } from "@downbeat/domain";
import type { GoalDefinition } from "@downbeat/protocol";
import { ofWhich } from "../alerts/words.ts";
import { attainedWords, type ErrorBudget, type GoodAndBad } from "./error-budget.ts";

type Aim = Omit<GoalDefinition, "name">;

const days = (count: number): string => (count === 1 ? "24 h" : plural(count, "day"));

/** What somebody chose has no more digits than they gave it. */
function limitWords(ms: number): string {
  return ms >= 1_000 && ms < 60_000 ? `${ms / 1_000} s` : durationWords(ms);
}

/** `95 % of the runs of bookTrip complete within 10 s, over 28 days.` */
export function goalWords(goal: Aim): string {
  const { percent, withinMs, countsCancelled } = goal;
  const within = withinMs === undefined ? "" : ` within ${limitWords(withinMs)}`;
  const cancelled = countsCancelled === true ? ", those that are cancelled included" : "";
  return `${percent} % of the runs${ofWhich(goal)} complete${within}, over ${days(goal.days)}${cancelled}.`;
}

/** How the goal stands, in a sentence. */
export function standingWords(goal: Aim, counts: GoodAndBad, { allowed, left }: ErrorBudget): string {
  const counted = counts.good + counts.bad;
  if (counted === 0) return `No run has counted in ${days(goal.days)}.`;
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
