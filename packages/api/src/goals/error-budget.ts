import { type GoalDefinition, goalPercentUnits } from "@downbeat/protocol";
import type { GoalEnds } from "@downbeat/read-model/views";

type Aim = Pick<GoalDefinition, "percent" | "countsCancelled">;

export interface GoodAndBad {
  readonly good: number;
  readonly bad: number;
}

/** Completed in time is good; failed is bad, and so is completed too late. Cancelled and terminated count, as bad, where the goal says so. */
export function goodAndBad({ countsCancelled }: Aim, ends: GoalEnds): GoodAndBad {
  const { completedInTime, completedLate, failed, cancelled } = ends;
  return {
    good: completedInTime,
    bad: completedLate + failed + (countsCancelled === true ? cancelled : 0),
  };
}

export interface ErrorBudget {
  /** Of the runs that have counted so far, so many may be bad: a whole number. */
  readonly allowed: number;
  /** So many more; below zero where the goal is missed. */
  readonly left: number;
  /** Of the budget, from 1 down, below zero where it is overspent; absent while no run has counted. */
  readonly leftShare?: number;
}

const whole = 100 * goalPercentUnits;

/** Worked out in whole parts of a percent: 95 % of 100 runs leaves 5, not 4.999…. */
export function errorBudget({ percent }: Aim, { good, bad }: GoodAndBad): ErrorBudget {
  const counted = good + bad;
  const spare = counted * sparePart(percent);
  const allowed = Math.floor(spare / whole);
  return {
    allowed,
    left: allowed - bad,
    ...(counted > 0 && { leftShare: 1 - (bad * whole) / spare }),
  };
}

/**
 * How fast the budget is being spent: 1 is just as fast as it may be forever, 2 spends the budget of a whole window in half of one. Google's SRE Workbook, "Alerting on
 * SLOs".
 */
export function burnRate({ percent }: Aim, { good, bad }: GoodAndBad): number | undefined {
  const counted = good + bad;
  return counted === 0 ? undefined : (bad * whole) / (counted * sparePart(percent));
}

function sparePart(percent: number): number {
  return whole - Math.round(percent * goalPercentUnits);
}

/** The share of good runs, never rounded up: what has not reached the goal doesn't read as if it had. One digit more than the goal has. */
export function attainedWords({ percent }: Aim, { good, bad }: GoodAndBad): string {
  const counted = good + bad;
  if (counted === 0) return "–";
  const digits = Math.max(1, (String(percent).split(".")[1] ?? "").length + 1);
  const factor = 10 ** digits;
  const parts = Number((BigInt(good) * BigInt(100 * factor)) / BigInt(counted));
  const text = (parts / factor).toFixed(digits);
  return `${text.replace(/\.?0+$/, "")} %`;
}
