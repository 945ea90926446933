import type { BoardPanel } from "@downbeat/api/views";
import type { OverviewParams } from "@/app/[tenant]/[namespace]/search-params.ts";
import type { TimeRange } from "@/lib/time-range.ts";
import { type FiguresParams, parseBy } from "../../app/[tenant]/[namespace]/figures/search-params.ts";

export type BreakDownOf = Extract<BoardPanel, { kind: "breakDown" }>;
export type OverviewPanelOf = Extract<BoardPanel, { kind: "figure" | "series" | "table" }>;

/** A panel may have its own. */
export function rangeOf(panel: BoardPanel, ofBoard: TimeRange): TimeRange {
  const own = "period" in panel ? panel.period : undefined;
  return own === undefined ? ofBoard : { type: "last", preset: own };
}

/** What the page of figures is asked for with this panel. */
export function figuresParamsOf(
  { of, workflow, where, by, number }: BreakDownOf,
  range: TimeRange,
): FiguresParams {
  return { range, of, workflow, labels: where, by: parseBy(by), number };
}

/** What the Overview is asked for with it. */
export function overviewParamsOf(panel: OverviewPanelOf, range: TimeRange): OverviewParams {
  return { range, workflow: panel.workflow, compare: panel.kind === "figure" ? panel.compare : undefined };
}
