import type { Failure, Labels } from "@downbeat/domain";
import type { Freshness } from "./answer-views.ts";

/** `undoing`: its run is still at it. `left`: its run ended first. `failed`: the undo was refused, failed or was cancelled. */
export type OwedStanding = "undoing" | "left" | "failed";

/** A sum, exact to the last digit, and of how many it is: the others have no number there. */
export interface OwedSum {
  readonly sum: string;
  readonly counted: number;
}

export interface OwedFigures {
  readonly undoing: number;
  readonly left: number;
  readonly failed: number;
  /** Since when the oldest of them is owed, ms since the epoch; absent when nothing is. */
  readonly oldest?: number;
  /** When an amount was asked for. */
  readonly amount?: OwedSum;
}

/** What should have been undone and is not, over all runs. */
export interface OwedTotals extends OwedFigures {
  /** By the job that would undo it, most first. */
  readonly byJobType: readonly ({ readonly jobType: string } & OwedFigures)[];
  /**
   * What can be summed: where numbers stand (`input.amountCents`), and in how many. `input`: what the undo is given. `output`: what the job gave that it undoes. `run`: what the
   * run was given. `label`: a label of the run.
   */
  readonly amounts: readonly { readonly path: string; readonly counted: number }[];
  readonly freshness: Freshness;
}

export interface OwedView {
  readonly runId: string;
  readonly workflow: string;
  readonly labels: Labels;
  readonly compensationId: string;
  /** The job that would undo it. */
  readonly jobType: string;
  readonly standing: OwedStanding;
  readonly since: number;
  /** Of the timeline, where most is told of it. */
  readonly rowId?: string;
  /** Why it was not undone. */
  readonly failure?: Failure;
  /** In digits; absent when none was asked for, or there is none. */
  readonly amount?: string;
}

export interface OwedList {
  /** What is owed longest comes first. */
  readonly owed: readonly OwedView[];
  readonly count: number;
  readonly countIsLowerBound: boolean;
  readonly cursor?: string;
  readonly freshness: Freshness;
}
