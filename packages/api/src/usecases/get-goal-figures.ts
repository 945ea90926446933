import { ColdError } from "@downbeat/cold-history";
import { goalDefinition } from "@downbeat/protocol";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { freshnessOf } from "../freshness.ts";
import { attainedWords, burnRate, errorBudget, goodAndBad } from "../goals/error-budget.ts";
import { burnWords, standingWords } from "../goals/standing-words.ts";
import type { GoalFigures, RunFilter, ShownStatus } from "../views.ts";

const secondMs = 1_000;
const hourMs = 3_600 * secondMs;
const dayMs = 24 * hourMs;

export const GetGoalFigures = z.object({ goal: goalDefinition.omit({ name: true }) });

type Aim = z.infer<typeof GetGoalFigures>["goal"];

/**
 * How a goal stands, whether or not it is saved: of runs that ended in its window, which ends with the last whole second that is read.
 *
 * @throws ApiError where too many others wait for such an answer
 */
export async function getGoalFigures(
  context: Context,
  { goal }: z.infer<typeof GetGoalFigures>,
): Promise<GoalFigures> {
  const { sharedGoalFigures, feed, now, signal = new AbortController().signal } = context;
  return sharedGoalFigures.of(JSON.stringify(goal), signal, (until) => {
    const known = Math.min(now(), feed.freshness().completeTo);
    return make(context, goal, Math.floor(known / secondMs) * secondMs, until);
  });
}

async function make(context: Context, goal: Aim, to: number, signal: AbortSignal): Promise<GoalFigures> {
  const { readModel, breakDowns } = context;
  const from = Math.max(0, to - goal.days * dayMs);
  const recentFrom = Math.max(0, to - recentMs(goal));
  const filter = {
    ...(goal.workflow !== undefined && { workflow: goal.workflow }),
    ...(goal.labels !== undefined && { labels: goal.labels }),
  };
  let giveBack: () => void;
  try {
    giveBack = await breakDowns.take(signal);
  } catch (error) {
    if (error instanceof ColdError) throw new ApiError("unavailable", error.message, { cause: error });
    throw error;
  }
  const began = performance.now();
  try {
    const { withinMs } = goal;
    const { whole, recent } = await readModel.goalCounts({ filter, withinMs, from, to, recentFrom }, signal);
    const freshness = freshnessOf(context, began);
    const counts = goodAndBad(goal, whole);
    const budget = errorBudget(goal, counts);
    const lately = goodAndBad(goal, recent);
    const rate = burnRate(goal, lately);
    const wholeSince = Math.max(readModel.beginning()?.at ?? 0, freshness.removedUpTo ?? 0);
    return {
      from,
      to,
      ...counts,
      ends: whole,
      attained: attainedWords(goal, counts),
      standing: counts.good + counts.bad === 0 ? "unknown" : budget.left < 0 ? "missed" : "reached",
      sentence: standingWords(goal, counts, budget),
      budget,
      recent: {
        from: recentFrom,
        ...lately,
        ...(rate !== undefined && { burnRate: rate }),
        burnWords: burnWords(rate),
      },
      opens: opensOf(goal, { ...filter, by: "ended", from, to }),
      ...(wholeSince > from && { wholeSince }),
      freshness,
    };
  } finally {
    giveBack();
  }
}

/** Long enough to say something, short enough to be of now. */
function recentMs({ days }: Aim): number {
  if (days === 1) return hourMs;
  return days <= 7 ? 6 * hourMs : dayMs;
}

/** What each figure is a list of. */
function opensOf({ withinMs, countsCancelled }: Aim, period: RunFilter): GoalFigures["opens"] {
  const cancelled: readonly ShownStatus[] = ["cancelled", "terminated"];
  const unwanted: readonly ShownStatus[] = ["failed", ...(countsCancelled === true ? cancelled : [])];
  const of = (status: readonly ShownStatus[]): RunFilter => ({ ...period, status });
  return {
    counted: of(["completed", ...unwanted]),
    bad: withinMs === undefined ? of(unwanted) : { ...of(["completed", ...unwanted]), missed: withinMs },
    failed: of(["failed"]),
    ...(withinMs !== undefined && { late: { ...of(["completed"]), missed: withinMs } }),
    cancelled: of(cancelled),
  };
}
