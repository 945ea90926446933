"use client";

import type { BoardPanel } from "@downbeat/api/views";
import { useMemo } from "react";
import { Panel } from "@/components/panel.tsx";
import type { TimeRange } from "@/lib/time-range.ts";
import { LabelledFigure } from "./labelled-figure.tsx";
import { BreakDownPanel } from "./load-break-down-panel.tsx";
import { GoalPanel } from "./load-goal-panel.tsx";
import { SqlPanel } from "./load-sql-panel.tsx";
import { OverviewPanel } from "./overview-panel.tsx";
import { isLabelled, rangeOf } from "./panel-question.ts";

interface PanelViewProps {
  readonly panel: BoardPanel;
  /** Of the board; a panel may have its own. */
  readonly boardRange: TimeRange;
  readonly title: string;
}

/** What one panel shows. It waits, fails and is drawn by itself. */
export function PanelView({ panel, boardRange, title }: PanelViewProps) {
  const range = useMemo(() => rangeOf(panel, boardRange), [panel, boardRange]);
  return (
    <Panel what={title} of={panel}>
      <Content panel={panel} range={range} title={title} />
    </Panel>
  );
}

interface ContentProps {
  readonly panel: BoardPanel;
  readonly range: TimeRange;
  readonly title: string;
}

function Content({ panel, range, title }: ContentProps) {
  if (isLabelled(panel)) return <LabelledFigure panel={panel} range={range} title={title} />;
  switch (panel.kind) {
    case "figure":
    case "series":
    case "table":
      return <OverviewPanel panel={panel} range={range} title={title} />;
    case "breakDown":
      return <BreakDownPanel panel={panel} range={range} title={title} />;
    case "goal":
      return <GoalPanel goalId={panel.goalId} title={title} />;
    case "sql":
      return <SqlPanel panel={panel} title={title} />;
  }
}
