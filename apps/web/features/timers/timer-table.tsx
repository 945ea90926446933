// biome-ignore-all lint/a11y/useSemanticElements: a virtualised table has only the rows on the screen, which table elements can't be placed in
"use client";

import type { TimerView } from "@downbeat/api/views";
import { useRef } from "react";
import { Panel } from "@/components/panel.tsx";
import type { ActionRequest } from "@/features/actions/action-dialog.tsx";
import { useMedia } from "@/lib/use-media.ts";
import { useMoreRows, useVirtualRows } from "@/lib/use-virtual-rows.ts";
import { useRowKeys } from "@/shell/use-row-keys.ts";
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
  const {
    virtual,
    drawn,
    total: height,
  } = useVirtualRows({
    items: timers,
    scroller,
    height: rowHeight,
    keyOf,
    overscan: 12,
  });
  useMoreRows({ drawn, count: timers.length, hasMore, onMore });
  useRowKeys("timer", timers.length, (index) => virtual.scrollToIndex(index));

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
        <div role="rowgroup" className="relative" style={{ height }}>
          {drawn.map((item) => {
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
