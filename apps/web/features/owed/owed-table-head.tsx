import { ColumnHead } from "@/components/column-head.tsx";
import { HeadRow } from "@/components/table-row.tsx";
import { columns, notNarrow, wideOnly } from "./columns.ts";

export function OwedTableHead({ hasAmount }: { hasAmount: boolean }) {
  return (
    <HeadRow columns={columns} className="max-[700px]:sr-only">
      <ColumnHead>Owed since</ColumnHead>
      <ColumnHead>To be undone by</ColumnHead>
      <ColumnHead>How it stands</ColumnHead>
      <ColumnHead className={notNarrow}>Run</ColumnHead>
      <ColumnHead className={wideOnly}>Why</ColumnHead>
      <ColumnHead className="text-right">{hasAmount ? "Amount" : "Workflow"}</ColumnHead>
    </HeadRow>
  );
}
