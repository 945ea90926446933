import { ColumnHead } from "@/components/column-head.tsx";
import { HeadRow } from "@/components/table-row.tsx";
import { columns, mediumOnly, notNarrow, wideOnly } from "./columns.ts";

export function TableHead() {
  return (
    <HeadRow columns={columns}>
      <ColumnHead>Status</ColumnHead>
      <ColumnHead>Run</ColumnHead>
      <ColumnHead className={wideOnly}>Workflow</ColumnHead>
      <ColumnHead className="max-[600px]:sr-only">Why, or what it waits for</ColumnHead>
      <ColumnHead className={wideOnly}>Labels</ColumnHead>
      <ColumnHead className={`text-right ${mediumOnly}`}>Started</ColumnHead>
      <ColumnHead className={`text-right ${notNarrow}`}>Duration</ColumnHead>
    </HeadRow>
  );
}
