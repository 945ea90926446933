// biome-ignore-all lint/a11y/useSemanticElements: a virtualised table has only the rows on the screen, which table elements can't be placed in
// biome-ignore-all lint/a11y/useFocusableInteractive: rows and cells of a table are not focused, the links in them are
"use client";

import type { RunSummary } from "@downbeat/api/views";
import { useVirtualizer } from "@tanstack/react-virtual";
import Link from "next/link";
import { type ReactNode, type RefObject, useEffect } from "react";
import { Panel } from "@/components/panel.tsx";
import { useDrawnFocus } from "@/lib/use-drawn-focus.ts";
import { useMedia } from "@/lib/use-media.ts";
import { usePrinting } from "@/lib/use-printing.ts";
import { useCommands } from "@/shell/commands-provider.tsx";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { rowHeightIn, veryNarrow } from "./columns.ts";
import { RunRow } from "./run-row.tsx";
import { TableHead } from "./table-head.tsx";

interface RunTableProps {
  readonly runs: readonly RunSummary[];
  readonly total: number;
  readonly hasMore: boolean;
  readonly onMore: () => void;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly onLabel: (key: string, value: string) => void;
  readonly onNear: (runId: string) => void;
  /** After the last row. */
  readonly footer?: ReactNode;
}

export function RunTable(props: RunTableProps) {
  const { runs, hasMore, onMore, scroller } = props;
  const rowHeight = rowHeightIn(useMedia(veryNarrow));
  const virtual = useVirtualizer({
    count: runs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => runs[index]?.runId ?? index,
    overscan: 12,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that became higher stand elsewhere
  useEffect(() => virtual.measure(), [rowHeight, virtual]);
  // On paper nothing scrolls: all that is here is drawn.
  const isPrinting = usePrinting();
  const items = isPrinting
    ? runs.map(({ runId }, index) => ({ key: runId, index, start: index * rowHeight }))
    : virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;

  useEffect(() => {
    if (hasMore && last >= runs.length - 30) onMore();
  }, [hasMore, last, runs.length, onMore]);

  useRowKeys(runs.length, (index) => virtual.scrollToIndex(index));

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="table"
        aria-label="Runs"
        aria-rowcount={props.total + 1}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        tabIndex={0}
        className="h-full overflow-y-auto outline-none"
      >
        <TableHead />
        <div
          role="rowgroup"
          className="relative"
          style={{ height: isPrinting ? runs.length * rowHeight : virtual.getTotalSize() }}
        >
          {items.map((item) => {
            const run = runs[item.index];
            return run === undefined ? null : (
              <div
                key={item.key}
                role="presentation"
                className="absolute inset-x-0 top-0"
                style={{ height: rowHeight, transform: `translateY(${item.start}px)` }}
              >
                <Panel what="The run" of={run} instead={<FaultyRow runId={run.runId} index={item.index} />}>
                  <RunRow run={run} index={item.index} onLabel={props.onLabel} onNear={props.onNear} />
                </Panel>
              </div>
            );
          })}
        </div>
        {props.footer}
      </div>
    </div>
  );
}

/** What is known of it breaks the row: its page may still show it. */
function FaultyRow({ runId, index }: { runId: string; index: number }) {
  const routes = useRoutes();
  return (
    <div role="row" aria-rowindex={index + 2} className="flex h-full items-center border-line border-b px-6">
      <div role="cell" className="truncate">
        <Link data-row={index} href={routes.run(String(runId))} className="font-mono text-accent">
          {String(runId)}
        </Link>{" "}
        can't be shown as a row.
      </div>
    </div>
  );
}

/** `j` and `k` walk the rows by moving the focus, so that Enter opens and Tab goes on from there. */
function useRowKeys(count: number, scrollTo: (index: number) => void): void {
  const focus = useDrawnFocus("data-row");
  function move(by: number): void {
    if (count === 0) return;
    const next = Math.min(count - 1, Math.max(0, (focus.current() ?? -1) + by));
    scrollTo(next);
    focus.to(next);
  }
  useCommands([
    { id: "row-next", label: "Next run", group: "This page", keys: "j", keyOnly: true, run: () => move(1) },
    {
      id: "row-previous",
      label: "Previous run",
      group: "This page",
      keys: "k",
      keyOnly: true,
      run: () => move(-1),
    },
  ]);
}
