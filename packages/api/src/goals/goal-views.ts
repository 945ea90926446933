import type { GoalDefinition } from "@downbeat/protocol";
import type { Freshness, GoalEnds, RunFilter } from "@downbeat/read-model/views";
import type { DeleteAnswer, SaveAnswer } from "../shared/change-answers.ts";
import type { ErrorBudget, GoodAndBad } from "./error-budget.ts";

/** What people want to be reached. */
export interface GoalView {
  readonly id: string;
  readonly goal: GoalDefinition;
  /** The same in a sentence. */
  readonly words: string;
  readonly savedBy: string;
  readonly savedAt: number;
  /** Another one each time that it is saved. */
  readonly version: number;
}

export interface GoalList {
  /** By name. */
  readonly goals: readonly GoalView[];
}

export type SaveGoalAnswer = SaveAnswer<"goal", GoalView>;

export type DeleteGoalAnswer = DeleteAnswer<GoalView>;

/** How a goal stands: of runs that ended from `from` on and before `to`, ms since the epoch. */
export interface GoalFigures extends GoodAndBad {
  readonly from: number;
  readonly to: number;
  readonly ends: GoalEnds;
  /** The share of good ones, in per cent: never rounded up to the goal. */
  readonly attained: string;
  /** `unknown`: no run has counted. */
  readonly standing: "reached" | "missed" | "unknown";
  readonly sentence: string;
  readonly budget: ErrorBudget;
  /** The end of the window by itself, and how fast it spends the budget: 1 is as fast as it may be forever. */
  readonly recent: GoodAndBad & {
    readonly from: number;
    readonly burnRate?: number;
    readonly burnWords: string;
  };
  /** What `runs.list` has for each of the figures: exactly as many. */
  readonly opens: Readonly<Record<"counted" | "bad" | "failed" | "cancelled", RunFilter>> & {
    readonly late?: RunFilter;
  };
  /** Runs that ended before are not all counted, ms since the epoch: history begins there, or retention has removed them. */
  readonly wholeSince?: number;
  readonly freshness: Freshness;
}
