import { lookedAtFor } from "@downbeat/api/figure-words";
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

/** A figure of some labels: the Overview's are counted by workflow alone, so the runs are looked at. */
export type LabelledFigureOf = Extract<BoardPanel, { kind: "figure" }> & Required<Pick<BreakDownOf, "where">>;

export function isLabelled(panel: BoardPanel): panel is LabelledFigureOf {
  return panel.kind === "figure" && panel.where !== undefined;
}

/** What the page of figures is asked for with it. */
export function lookedAtParamsOf(
  { figure, workflow, where }: LabelledFigureOf,
  range: TimeRange,
): FiguresParams {
  return { range, of: lookedAtFor(figure), workflow, labels: where };
}

/** What the Overview is asked for with it. */
export function overviewParamsOf(panel: OverviewPanelOf, range: TimeRange): OverviewParams {
  return { range, workflow: panel.workflow, compare: panel.kind === "figure" ? panel.compare : undefined };
}
