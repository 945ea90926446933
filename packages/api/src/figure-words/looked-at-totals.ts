import type { BoardPanel } from "@downbeat/protocol";
import type { MeasuredRuns, OverviewTotals } from "@downbeat/read-model/views";

type FigureName = Extract<BoardPanel, { kind: "figure" }>["figure"];

/** Which runs of a period have to be looked at for a figure: those that started in it, or those that ended. */
export function lookedAtFor(figure: FigureName): "started" | "ended" {
  return figure === "started" ? "started" : "ended";
}

/** The Overview's figures, of runs that a break-down looked at: `started` of those that started, the others of those that ended. */
export function lookedAtTotals({ runs, byStatus, p50, p95, p99 }: MeasuredRuns): OverviewTotals {
  const { completed = 0, failed = 0, cancelled = 0, terminated = 0 } = byStatus;
  const ended = completed + failed + cancelled + terminated;
  return {
    started: runs,
    completed,
    failed,
    cancelled: cancelled + terminated,
    ...(ended > 0 && { successRate: completed / ended }),
    ...(p50 !== undefined && { p50 }),
    ...(p95 !== undefined && { p95 }),
    ...(p99 !== undefined && { p99 }),
  };
}
