"use client";

import type { OwedView } from "@downbeat/api/views";
import { useMedia } from "@/lib/use-media.ts";
import { RowTable } from "@/shell/row-table.tsx";
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
  return (
    <RowTable
      what="row"
      label="Owed, one by one"
      items={owed}
      total={total}
      rowHeight={rowHeightIn(useMedia(narrow))}
      keyOf={keyOfOwed}
      head={<OwedTableHead hasAmount={hasAmount} />}
      row={(one, index) => <OwedRow owed={one} index={index} hasAmount={hasAmount} />}
      hasMore={hasMore}
      onMore={onMore}
    />
  );
}
