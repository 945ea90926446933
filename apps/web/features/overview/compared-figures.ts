import type { Comparison } from "@downbeat/api/views";
import { countDifference, type Difference, durationDifference, rateDifference } from "@downbeat/domain";

type Compared = "started" | "completed" | "failed" | "cancelled" | "successRate" | "p50" | "p95" | "p99";

/** How each figure differs from the earlier one. Nothing, where there is no part to compare yet. */
export function comparedFigures({
  current,
  earlier,
}: Pick<Comparison, "current" | "earlier">): Readonly<Partial<Record<Compared, Difference | undefined>>> {
  if (current.to <= current.from) return {};
  const [now, before] = [current.totals, earlier.totals];
  return {
    started: countDifference(now.started, before.started),
    completed: countDifference(now.completed, before.completed),
    failed: countDifference(now.failed, before.failed),
    cancelled: countDifference(now.cancelled, before.cancelled),
    successRate: rateDifference(now.successRate, before.successRate),
    p50: durationDifference(now.p50, before.p50),
    p95: durationDifference(now.p95, before.p95),
    p99: durationDifference(now.p99, before.p99),
  };
}
