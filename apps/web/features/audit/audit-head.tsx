import { ColumnHead } from "@/components/column-head.tsx";
import { HeadRow } from "@/components/table-row.tsx";
import { columns, notNarrow, wideOnly } from "./columns.ts";

export function AuditHead() {
  return (
    <HeadRow columns={columns} className="max-[700px]:sr-only">
      <ColumnHead>When</ColumnHead>
      <ColumnHead>Who</ColumnHead>
      <ColumnHead>What</ColumnHead>
      <ColumnHead className={notNarrow}>On what</ColumnHead>
      <ColumnHead>Outcome</ColumnHead>
      <ColumnHead className={wideOnly}>Why</ColumnHead>
      <ColumnHead className={wideOnly}>From</ColumnHead>
    </HeadRow>
  );
}
