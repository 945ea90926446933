// biome-ignore-all lint/a11y/useSemanticElements: a virtualised table has only the rows on the screen, which table elements can't be placed in
// biome-ignore-all lint/a11y/useFocusableInteractive: rows and cells of a table are not focused, the links in them are
"use client";

import type { ResultTable as Result, ResultValue } from "@downbeat/api/views";
import { clsx } from "clsx";
import Link from "next/link";
import { useMemo, useRef } from "react";
import { useVirtualRows } from "@/lib/use-virtual-rows.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { cellText, isNumberColumn } from "./cell.ts";

const rowHeight = 28;
const characterWidth = 8.2;
const sampled = 200;

export function ResultTable({ columns, rows, isCut }: Result) {
  const scroller = useRef<HTMLDivElement>(null);
  const { drawn, total: height } = useVirtualRows({
    items: rows,
    scroller,
    height: rowHeight,
    keyOf: (_, index) => index,
    overscan: 12,
  });
  const numbers = useMemo(
    () => columns.map((_, index) => isNumberColumn({ columns, rows, isCut }, index)),
    [columns, rows, isCut],
  );
  const widths = useMemo(
    () => columns.map((column, index) => widthOf(column.name, rows, index)),
    [columns, rows],
  );
  const numberWidth = String(rows.length).length * characterWidth + 24;
  const template = { gridTemplateColumns: [numberWidth, ...widths].map((width) => `${width}px`).join(" ") };
  const total = widths.reduce((sum, width) => sum + width, numberWidth);

  return (
    <div
      ref={scroller}
      role="table"
      aria-label="Result"
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
      tabIndex={0}
      className="h-full overflow-auto"
    >
      <div role="rowgroup" className="sticky top-0 z-10 bg-surface" style={{ minWidth: total }}>
        <div
          role="row"
          aria-rowindex={1}
          className="grid h-8 items-center border-line border-b text-ink-3 text-small"
          style={template}
        >
          <span aria-hidden />
          {columns.map(({ name, type }, index) => (
            <div
              // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name
              key={index}
              role="columnheader"
              title={type === "" ? name : `${name}, ${type}`}
              className={clsx("truncate px-3", numbers[index] && "text-right")}
            >
              {name}
            </div>
          ))}
        </div>
      </div>
      <div role="rowgroup" className="relative" style={{ height, minWidth: total }}>
        {drawn.map(({ index: row, start, key }) => (
          <div
            key={key}
            role="row"
            aria-rowindex={row + 2}
            className="absolute inset-x-0 top-0 grid items-center border-line border-b hover:bg-hover"
            style={{ ...template, height: rowHeight, transform: `translateY(${start}px)` }}
          >
            <span aria-hidden className="pr-2 text-right text-ink-3 text-small">
              {row + 1}
            </span>
            {columns.map(({ name }, index) => (
              <div
                // biome-ignore lint/suspicious/noArrayIndexKey: two columns may have one name
                key={index}
                role="cell"
                className={clsx("truncate px-3", numbers[index] && "text-right")}
              >
                <Value column={name} value={rows[row]?.[index]} />
              </div>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

const runIdColumn = /^run_?id$/i;

function Value({ column, value }: { column: string; value: ResultValue | undefined }) {
  const routes = useRoutes();
  const text = cellText(value);
  if (text === null) return <span className="text-ink-3 italic">null</span>;
  if (runIdColumn.test(column)) {
    return (
      <Link
        href={routes.run(text)}
        prefetch={false}
        title={text}
        className="rounded font-mono text-small hover:text-accent hover:underline"
      >
        {text}
      </Link>
    );
  }
  return <span title={text}>{text}</span>;
}

function widthOf(name: string, rows: Result["rows"], index: number): number {
  let longest = name.length;
  for (const row of rows.slice(0, sampled)) longest = Math.max(longest, cellText(row[index])?.length ?? 4);
  return Math.round(Math.min(360, Math.max(72, longest * characterWidth + 26)));
}
