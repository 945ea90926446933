"use client";

import { useMemo } from "react";
import type { AnsweredBreakDown } from "@/features/figures/break-down-query.ts";
import { DurationMap } from "@/features/figures/duration-map.tsx";
import { ExtremeTable } from "@/features/figures/extreme-table.tsx";
import { GroupTable } from "@/features/figures/group-table.tsx";
import { MeasureChart } from "@/features/figures/measure-chart.tsx";
import { TotalFigure } from "@/features/figures/total-figure.tsx";
import { useBreakDown } from "@/features/figures/use-break-down.ts";
import type { TimeRange } from "@/lib/time-range.ts";
import { type BreakDownOf, figuresParamsOf } from "./panel-question.ts";
import { PanelNote, PanelSkeleton, PanelTrouble } from "./panel-trouble.tsx";

interface BreakDownPanelProps {
  readonly panel: BreakDownOf;
  readonly range: TimeRange;
  readonly title: string;
}

export function BreakDownPanel({ panel, range, title }: BreakDownPanelProps) {
  const params = useMemo(() => figuresParamsOf(panel, range), [panel, range]);
  const { data, error, refetch, isPlaceholderData } = useBreakDown(params);
  if (data !== undefined)
    return (
      <div
        aria-busy={isPlaceholderData}
        className={isPlaceholderData ? "h-full opacity-60 *:border-0" : "h-full *:border-0"}
      >
        <Shown show={panel.show} title={title} {...data} />
      </div>
    );
  if (error === null) return <PanelSkeleton title={title} />;
  return <PanelTrouble title={title} error={error} onRetry={() => void refetch()} />;
}

interface ShownProps extends AnsweredBreakDown {
  readonly show: BreakDownOf["show"];
  readonly title: string;
}

function Shown({ show, title, params, breakDown }: ShownProps) {
  const { from, to, slowest, dearest } = breakDown;
  const { workflow, labels = [], of: by, number } = params;
  const filter = { workflow, labels, by, range: { type: "between", from, to } as const };
  switch (show) {
    case "total":
      return <TotalFigure {...{ breakDown, params, filter, title }} />;
    case "groups":
      return <GroupTable {...{ breakDown, params, filter, title }} />;
    case "chart":
      return <MeasureChart {...{ breakDown, params, filter, title }} />;
    case "durations":
      return <DurationMap {...{ breakDown, filter, title }} />;
    case "slowest":
      return <ExtremeTable title={title} runs={slowest} number={number} />;
    case "largest":
      return dearest === undefined ? (
        <PanelNote title={title}>Choose a number: edit the panel.</PanelNote>
      ) : (
        <ExtremeTable title={title} runs={dearest} number={number} />
      );
  }
}
