import type { ComparedWith, Comparison } from "../views.ts";
import { comparedPeriods } from "./compared-periods.ts";
import type { ReadDatabase } from "./database.ts";
import { isAny, totalsOf, workflowsOf } from "./run-totals.ts";

export interface ComparisonAsked {
  /** Whole minutes, ms since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly workflow: string | undefined;
  readonly timeZone: string;
  readonly now: number;
  /** What happened up to this time is known, ms since the epoch. */
  readonly knownTo: number;
  readonly with: ComparedWith;
}

export function comparison(db: ReadDatabase, asked: ComparisonAsked): Comparison {
  const { workflow, to, now } = asked;
  const { current, earlier, isPart } = comparedPeriods(asked);
  const of = (name: string) => ({
    current: totalsOf(db, name, current.from, current.to),
    earlier: totalsOf(db, name, earlier.from, earlier.to),
  });
  const all = of(workflow ?? "");
  return {
    with: asked.with,
    current: { ...current, totals: all.current },
    earlier: { ...earlier, totals: all.earlier },
    isPart,
    ...(isPart && to <= now && { isBehind: true }),
    byWorkflow: workflowsOf(db, workflow)
      .map((name) => ({ workflow: name, ...of(name) }))
      .filter((each) => isAny(each.current) || isAny(each.earlier)),
  };
}
