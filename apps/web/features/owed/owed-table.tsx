// biome-ignore-all lint/a11y/useSemanticElements: a virtualised table has only the rows on the screen, which table elements can't be placed in
"use client";

import type { OwedView } from "@downbeat/api/views";
import { useRef } from "react";
import { Panel } from "@/components/panel.tsx";
import { useMedia } from "@/lib/use-media.ts";
import { useMoreRows, useVirtualRows } from "@/lib/use-virtual-rows.ts";
import { useRowKeys } from "@/shell/use-row-keys.ts";
import { narrow, rowHeightIn } from "./columns.ts";
import { keyOfOwed } from "./owed-of-pages.ts";
import { OwedRow } from "./owed-row.tsx";
import { OwedTableHead } from "./owed-table-head.tsx";

interface OwedTableProps {
  readonly owed: readonly OwedView[];
  readonly total: number;
  readonly hasAmount: boolean;
  readonly hasMore: boolean;
  readonly onMore: () => void;
}

export function OwedTable({ owed, total, hasAmount, hasMore, onMore }: OwedTableProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = rowHeightIn(useMedia(narrow));
  const {
    virtual,
    drawn,
    total: height,
  } = useVirtualRows({ items: owed, scroller, height: rowHeight, keyOf: keyOfOwed, overscan: 12 });
  useMoreRows({ drawn, count: owed.length, hasMore, onMore });
  useRowKeys("row", owed.length, (index) => virtual.scrollToIndex(index));
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="table"
        aria-label="Owed, one by one"
        aria-rowcount={total + 1}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        tabIndex={0}
        className="h-full overflow-y-auto outline-none"
      >
        <OwedTableHead hasAmount={hasAmount} />
        <div role="rowgroup" className="relative" style={{ height }}>
          {drawn.map((item) => {
            const one = owed[item.index];
            return one === undefined ? null : (
              <div
                key={item.key}
                role="presentation"
                className="absolute inset-x-0 top-0"
                style={{ height: rowHeight, transform: `translateY(${item.start}px)` }}
              >
                <Panel what="The row" of={one}>
                  <OwedRow owed={one} index={item.index} hasAmount={hasAmount} />
                </Panel>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
