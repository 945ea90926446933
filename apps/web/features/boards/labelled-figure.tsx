"use client";

import { lookedAtTotals } from "@downbeat/api/figure-words";
import { useMemo } from "react";
import { useBreakDown } from "@/features/figures/use-break-down.ts";
import { figureFacts } from "@/features/overview/figure-facts.ts";
import { Figure } from "@/features/overview/figures.tsx";
import type { TimeRange } from "@/lib/time-range.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { type LabelledFigureOf, lookedAtParamsOf } from "./panel-question.ts";
import { PanelSkeleton, PanelTrouble } from "./panel-trouble.tsx";

interface LabelledFigureProps {
  readonly panel: LabelledFigureOf;
  readonly range: TimeRange;
  readonly title: string;
}

/** What is open now is of no labels. */
const nothingOpen = { running: 0, waiting: 0, stuck: 0 };

/** A figure of the Overview, of runs with some labels. */
export function LabelledFigure({ panel, range, title }: LabelledFigureProps) {
  const routes = useRoutes();
  const params = useMemo(() => lookedAtParamsOf(panel, range), [panel, range]);
  const { data, error, refetch, isPlaceholderData } = useBreakDown(params);
  if (data === undefined)
    return error === null ? (
      <PanelSkeleton title={title} />
    ) : (
      <PanelTrouble title={title} error={error} onRetry={() => void refetch()} />
    );
  const { from, to, total, freshness } = data.breakDown;
  const { workflow, labels = [] } = data.params;
  const counted = {
    totals: lookedAtTotals(total),
    open: nothingOpen,
    buckets: [{ at: from, to }],
    freshness,
  };
  const filter = { workflow, labels, range: { type: "between", from, to } as const };
  const facts = figureFacts(counted, filter, routes)[panel.figure];
  return (
    <dl aria-busy={isPlaceholderData} className={isPlaceholderData ? "h-full opacity-60" : "h-full"}>
      <Figure facts={{ ...facts, name: title }} className="h-full" />
    </dl>
  );
}
