"use client";

import type { BreakDown, ShownStatus } from "@downbeat/api/views";
import type { FiguresParams } from "@/app/[tenant]/[namespace]/figures/search-params.ts";
import type { RunsParams } from "@/app/[tenant]/[namespace]/runs/search-params.ts";
import { Figure } from "@/features/overview/figures.tsx";
import { formatCount, formatExact, plural } from "@/lib/number.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";

interface TotalFigureProps {
  readonly breakDown: Pick<BreakDown, "total">;
  readonly params: Pick<FiguresParams, "of" | "number">;
  /** What it opens. */
  readonly filter: Partial<RunsParams>;
  readonly title: string;
}

/** How many runs, or how much in all. */
export function TotalFigure({ breakDown: { total }, params, filter, title }: TotalFigureProps) {
  const routes = useRoutes();
  const count = (...statuses: readonly ShownStatus[]) =>
    formatCount(statuses.reduce((sum, each) => sum + (total.byStatus[each] ?? 0), 0));
  const standing = `${count("completed")} completed, ${count("failed")} failed, ${count("cancelled", "terminated")} cancelled`;
  const facts =
    params.number === undefined
      ? { value: formatCount(total.runs), note: standing }
      : {
          value: formatExact(total.number?.sum ?? "0"),
          note: `of ${plural(total.runs, "run")} ${params.of}`,
        };
  return (
    <dl className="h-full">
      <Figure facts={{ ...facts, name: title, href: routes.runs(filter) }} className="h-full" />
    </dl>
  );
}
