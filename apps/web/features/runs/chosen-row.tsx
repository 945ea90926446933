// biome-ignore-all lint/a11y/useSemanticElements: a virtualised table has only the rows on the screen, which table elements can't be placed in
// biome-ignore-all lint/a11y/useFocusableInteractive: rows and cells of a table are not focused, the links in them are
"use client";

import type { RunSummary } from "@downbeat/api/views";
import { clsx } from "clsx";
import { Cell } from "@/components/cell.tsx";
import { RunCell } from "./run-cell.tsx";
import { type ChosenColumn, gridTemplate, leastWidth, runColumn } from "./run-columns.ts";

interface ChosenRowProps {
  readonly run: RunSummary;
  readonly index: number;
  readonly columns: readonly ChosenColumn[];
  readonly onLabel: (key: string, value: string) => void;
  readonly onNear: (runId: string) => void;
}

/** A run in the columns that somebody chose. */
export function ChosenRow({ run, index, columns, onLabel, onNear }: ChosenRowProps) {
  return (
    <div
      role="row"
      tabIndex={-1}
      aria-rowindex={index + 2}
      onPointerEnter={() => onNear(run.runId)}
      style={{ gridTemplateColumns: gridTemplate(columns), minWidth: leastWidth(columns) }}
      className="group/row relative grid h-full items-center gap-x-4 border-line border-b px-6 focus-within:bg-accent-soft hover:bg-hover"
    >
      {columns.map(({ id }) => (
        <Cell
          key={id}
          className={clsx(
            "min-w-0",
            id === "run" ? "flex items-center gap-0.5" : id === "status" ? "flex" : "truncate",
            id === "labels" &&
              "relative z-10 flex gap-1 overflow-hidden [mask-image:linear-gradient(90deg,#000_calc(100%-24px),transparent)]",
            id === "why" && (run.shown === "stuck" ? "text-ink" : "text-ink-2"),
            runColumn(id)?.isRight === true && "whitespace-nowrap text-right text-ink-2",
          )}
        >
          <RunCell column={id} run={run} index={index} onLabel={onLabel} onNear={onNear} />
        </Cell>
      ))}
    </div>
  );
}
