// biome-ignore-all lint/a11y/useSemanticElements: a virtualised table has only the rows on the screen, which table elements can't be placed in
// biome-ignore-all lint/a11y/useFocusableInteractive: rows and cells of a table are not focused, the links in them are
"use client";

import { clsx } from "clsx";
import { ArrowDown } from "lucide-react";
import type { TimeField } from "@/app/[tenant]/[namespace]/runs/search-params.ts";
import { ColumnHandle } from "./column-handle.tsx";
import { type ChosenColumn, gridTemplate, leastWidth, runColumn } from "./run-columns.ts";

interface ChosenHeadProps {
  readonly columns: readonly ChosenColumn[];
  readonly by: TimeField;
  readonly onSort: (by: TimeField) => void;
  readonly onResize: (id: string, width: number) => void;
}

/** Heads of the columns that somebody chose: sorted by where the server has an index, made wider and narrower. */
export function ChosenHead({ columns, by, onSort, onResize }: ChosenHeadProps) {
  return (
    <div role="rowgroup" className="sticky top-0 z-20 bg-surface" style={{ minWidth: leastWidth(columns) }}>
      <div
        role="row"
        aria-rowindex={1}
        style={{ gridTemplateColumns: gridTemplate(columns) }}
        className="grid h-8 items-center gap-x-4 border-line border-b px-6 text-ink-3 text-small"
      >
        {columns.map(({ id }) => {
          const { title = id, isRight = false, sort } = runColumn(id) ?? {};
          const isSorted = sort === by;
          return (
            <div
              key={id}
              role="columnheader"
              aria-sort={isSorted ? "descending" : undefined}
              className={clsx("relative flex min-w-0 items-center", isRight && "justify-end")}
            >
              {sort === undefined ? (
                <span className="truncate">{title}</span>
              ) : (
                <button
                  type="button"
                  className={clsx(
                    "flex min-w-0 items-center gap-1 rounded hover:text-ink",
                    isSorted && "text-ink",
                  )}
                  title={isSorted ? "Newest first" : `Sort by it, newest first`}
                  onClick={() => onSort(sort)}
                >
                  {isSorted ? <ArrowDown aria-hidden size={11} /> : null}
                  <span className="truncate">{title}</span>
                </button>
              )}
              <ColumnHandle title={title} onResize={(width) => onResize(id, width)} />
            </div>
          );
        })}
      </div>
    </div>
  );
}
