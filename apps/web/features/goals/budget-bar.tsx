import type { GoalFigures } from "@downbeat/api/views";
import { formatCount, formatRate, plural } from "@/lib/number.ts";

/** How much of what may go wrong is left. */
export function BudgetBar({ budget: { allowed, left, leftShare } }: Pick<GoalFigures, "budget">) {
  const share = Math.min(1, Math.max(0, leftShare ?? 1));
  const isOver = left < 0;
  return (
    <div className="mt-1">
      <div aria-hidden className="h-1.5 overflow-hidden rounded-full bg-sunken">
        <div
          className={isOver ? "h-full bg-stuck" : "h-full bg-accent"}
          style={{ width: isOver ? "100%" : `${share * 100}%` }}
        />
      </div>
      <p className={isOver ? "mt-1 text-small text-stuck" : "mt-1 text-ink-2 text-small"}>
        {leftShare === undefined
          ? "The budget is untouched."
          : isOver
            ? `Overspent: ${plural(-left, "bad run")} more than the ${formatCount(allowed)} that may be.`
            : `${formatRate(Math.max(0, leftShare))} of the budget is left: ${plural(left, "more run")} of ${formatCount(allowed)} may be bad.`}
      </p>
    </div>
  );
}
