// biome-ignore-all lint/a11y/useSemanticElements: a virtualised table has only the rows on the screen, which table elements can't be placed in
// biome-ignore-all lint/a11y/useFocusableInteractive: rows and cells of a table are not focused, the links in them are
import { ColumnHead } from "@/components/column-head.tsx";
import { columns, notNarrow, wideOnly } from "./columns.ts";

export function AuditHead() {
  return (
    <div role="rowgroup" className="sticky top-0 z-20 bg-surface max-[700px]:sr-only">
      <div
        role="row"
        aria-rowindex={1}
        className={`${columns} h-8 border-line border-b text-ink-3 text-small`}
      >
        <ColumnHead>When</ColumnHead>
        <ColumnHead>Who</ColumnHead>
        <ColumnHead>What</ColumnHead>
        <ColumnHead className={notNarrow}>On what</ColumnHead>
        <ColumnHead>Outcome</ColumnHead>
        <ColumnHead className={wideOnly}>Why</ColumnHead>
        <ColumnHead className={wideOnly}>From</ColumnHead>
      </div>
    </div>
  );
}
