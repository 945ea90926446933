import { ColumnHead } from "@/components/column-head.tsx";
import { HeadRow } from "@/components/table-row.tsx";
import { columns, notNarrow, wideOnly } from "./columns.ts";

export function TimerTableHead() {
  return (
    <HeadRow columns={columns} className="max-[700px]:sr-only">
      <ColumnHead>Due</ColumnHead>
      <ColumnHead className={wideOnly}>At</ColumnHead>
      <ColumnHead>What happens then</ColumnHead>
      <ColumnHead className={notNarrow}>Run</ColumnHead>
      <ColumnHead className={wideOnly}>Workflow</ColumnHead>
      <ColumnHead className="text-right">Act</ColumnHead>
    </HeadRow>
  );
}
