"use client";

import { type RefObject, useEffect } from "react";
import { usePrinting } from "./use-printing.ts";
import { useRowWindow } from "./use-row-window.ts";

interface VirtualRows<Item> {
  readonly items: readonly Item[];
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** Of each row, px. */
  readonly height: number;
  readonly keyOf: (item: Item, index: number) => string | number;
  /** Rows beyond the screen that are drawn. */
  readonly overscan: number;
}

/** Rows of one height, of which those on the screen are drawn; on paper nothing scrolls, and all that is here is. */
export function useVirtualRows<Item>({ items, scroller, height, keyOf, overscan }: VirtualRows<Item>) {
  const { drawn, total, scrollTo } = useRowWindow({
    count: items.length,
    scroller,
    height,
    overscan,
    keyOf: (index) => (items[index] === undefined ? index : keyOf(items[index], index)),
  });
  const isPrinting = usePrinting();
  return {
    drawn: isPrinting
      ? items.map((item, index) => ({ key: keyOf(item, index), index, start: index * height }))
      : drawn,
    total,
    scrollTo,
  };
}

interface MoreRows {
  readonly drawn: readonly { readonly index: number }[];
  readonly count: number;
  readonly hasMore: boolean;
  readonly onMore: () => void;
}

/** Asks for the next page some rows before the last one is drawn. */
export function useMoreRows({ drawn, count, hasMore, onMore }: MoreRows): void {
  const last = drawn.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= count - 30) onMore();
  }, [hasMore, last, count, onMore]);
}
