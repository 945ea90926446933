// biome-ignore-all lint/a11y/useSemanticElements: a virtualised table has only the rows on the screen, which table elements can't be placed in
"use client";

import { type ReactNode, type RefObject, useRef } from "react";
import { Panel } from "@/components/panel.tsx";
import { useMoreRows, useVirtualRows } from "@/lib/use-virtual-rows.ts";
import { useRowKeys } from "./use-row-keys.ts";

interface RowTableProps<Item> {
  /** A row of it: `timer`. */
  readonly what: string;
  readonly label: string;
  readonly items: readonly Item[];
  /** How many there are, those that are not here included. */
  readonly total: number;
  /** Px. */
  readonly rowHeight: number;
  readonly keyOf: (item: Item) => string;
  readonly head: ReactNode;
  readonly row: (item: Item, index: number) => ReactNode;
  /** In place of a row that what is known of the item breaks. */
  readonly instead?: (item: Item, index: number) => ReactNode;
  readonly hasMore: boolean;
  readonly onMore: () => void;
  /** Where the page has to know it. */
  readonly scroller?: RefObject<HTMLDivElement | null>;
  /** After the last row. */
  readonly footer?: ReactNode;
}

/** The one long list of a page: of its rows those on the screen are drawn, `j` and `k` walk them, and a row that breaks leaves the others. */
export function RowTable<Item>(props: RowTableProps<Item>) {
  const { what, items, rowHeight, keyOf, instead, hasMore, onMore } = props;
  const own = useRef<HTMLDivElement>(null);
  const scroller = props.scroller ?? own;
  const {
    scrollTo,
    drawn,
    total: height,
  } = useVirtualRows({ items, scroller, height: rowHeight, keyOf, overscan: 12 });
  useMoreRows({ drawn, count: items.length, hasMore, onMore });
  useRowKeys(what, items.length, scrollTo);
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="table"
        aria-label={props.label}
        aria-rowcount={props.total + 1}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        tabIndex={0}
        className="h-full overflow-y-auto outline-none"
      >
        {props.head}
        <div role="rowgroup" className="relative" style={{ height }}>
          {drawn.map(({ key, index, start }) => {
            const item = items[index];
            return item === undefined ? null : (
              <div
                key={key}
                role="presentation"
                className="absolute inset-x-0 top-0"
                style={{ height: rowHeight, transform: `translateY(${start}px)` }}
              >
                <Panel what={`The ${what}`} of={item} instead={instead?.(item, index)}>
                  {props.row(item, index)}
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
