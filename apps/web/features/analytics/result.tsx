"use client";

import type { QueryAnswer } from "@downbeat/api/views";
import { clsx } from "clsx";
import { Rows3, SquareTerminal } from "lucide-react";
import { EmptyState } from "@/components/empty-state.tsx";
import { Panel } from "@/components/panel.tsx";
import { ResultChart } from "./result-chart.tsx";
import { ResultTable } from "./result-table.tsx";

interface ResultProps {
  readonly answer: QueryAnswer | undefined;
  readonly view: "table" | "chart";
  readonly isRunning: boolean;
}

export function Result({ answer, view, isRunning }: ResultProps) {
  if (answer === undefined)
    return isRunning ? (
      <Skeleton />
    ) : (
      <EmptyState icon={SquareTerminal} title="No answer yet">
        Run the statement with Ctrl or ⌘ and Enter, or start from an example. Nothing that is run here changes
        anything.
      </EmptyState>
    );
  return (
    <div className={clsx("h-full", isRunning && "opacity-50")}>
      {answer.rows.length === 0 ? (
        <EmptyState icon={Rows3} title="The answer has no rows">
          The statement is right, but nothing fits it.
        </EmptyState>
      ) : view === "chart" ? (
        <Panel what="The chart" of={answer}>
          <ResultChart table={answer} />
        </Panel>
      ) : (
        <Panel what="The table" of={answer}>
          <ResultTable {...answer} />
        </Panel>
      )}
    </div>
  );
}

const skeletonRows = [70, 55, 80, 62, 48, 74, 66, 58];

function Skeleton() {
  return (
    <div aria-hidden className="flex flex-col gap-3 px-4 py-4">
      {skeletonRows.map((width) => (
        <div key={width} className="skeleton h-4" style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}
