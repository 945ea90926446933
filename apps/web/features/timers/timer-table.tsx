// biome-ignore-all lint/a11y/useSemanticElements: a virtualised table has only the rows on the screen, which table elements can't be placed in
"use client";

import type { TimerView } from "@downbeat/api/views";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { Panel } from "@/components/panel.tsx";
import type { ActionRequest } from "@/features/actions/action-dialog.tsx";
import { useDrawnFocus } from "@/lib/use-drawn-focus.ts";
import { useMedia } from "@/lib/use-media.ts";
import { usePrinting } from "@/lib/use-printing.ts";
import { useCommands } from "@/shell/commands-provider.tsx";
import { narrow, rowHeightIn } from "./columns.ts";
import { TimerRow } from "./timer-row.tsx";
import { TimerTableHead } from "./timer-table-head.tsx";

interface TimerTableProps {
  readonly timers: readonly TimerView[];
  readonly total: number;
  readonly hasMore: boolean;
  readonly onMore: () => void;
  readonly onAsk: (request: ActionRequest) => void;
}

const keyOf = ({ runId, id }: TimerView): string => `${runId} ${id}`;

export function TimerTable({ timers, total, hasMore, onMore, onAsk }: TimerTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = rowHeightIn(useMedia(narrow));
  const virtual = useVirtualizer({
    count: timers.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => (timers[index] === undefined ? index : keyOf(timers[index])),
    overscan: 12,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that became higher stand elsewhere
  useEffect(() => virtual.measure(), [rowHeight, virtual]);
  // On paper nothing scrolls: all that is here is drawn.
  const isPrinting = usePrinting();
  const items = isPrinting
    ? timers.map((timer, index) => ({ key: keyOf(timer), index, start: index * rowHeight }))
    : virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;

  useEffect(() => {
    if (hasMore && last >= timers.length - 30) onMore();
  }, [hasMore, last, timers.length, onMore]);

  useRowKeys(timers.length, (index) => virtual.scrollToIndex(index));

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="table"
        aria-label="Timers and waits"
        aria-rowcount={total + 1}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        tabIndex={0}
        className="h-full overflow-y-auto outline-none"
      >
        <TimerTableHead />
        <div
          role="rowgroup"
          className="relative"
          style={{ height: isPrinting ? timers.length * rowHeight : virtual.getTotalSize() }}
        >
          {items.map((item) => {
            const timer = timers[item.index];
            return timer === undefined ? null : (
              <div
                key={item.key}
                role="presentation"
                className="absolute inset-x-0 top-0"
                style={{ height: rowHeight, transform: `translateY(${item.start}px)` }}
              >
                <Panel what="The timer" of={timer}>
                  <TimerRow timer={timer} index={item.index} onAsk={onAsk} />
                </Panel>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** `j` and `k` walk the rows by moving the focus to what can be done about them. */
function useRowKeys(count: number, scrollTo: (index: number) => void): void {
  const focus = useDrawnFocus("data-row");
  function move(by: number): void {
    if (count === 0) return;
    const next = Math.min(count - 1, Math.max(0, (focus.current() ?? -1) + by));
    scrollTo(next);
    focus.to(next);
  }
  const common = { group: "This page", keyOnly: true } as const;
  useCommands([
    { id: "row-next", label: "Next timer", keys: "j", run: () => move(1), ...common },
    { id: "row-previous", label: "Previous timer", keys: "k", run: () => move(-1), ...common },
  ]);
}
