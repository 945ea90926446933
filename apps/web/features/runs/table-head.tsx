// biome-ignore-all lint/a11y/useSemanticElements: a virtualised table has only the rows on the screen, which table elements can't be placed in
// biome-ignore-all lint/a11y/useFocusableInteractive: rows and cells of a table are not focused, the links in them are
import { ColumnHead } from "@/components/column-head.tsx";
import { columns, mediumOnly, notNarrow, wideOnly } from "./columns.ts";

export function TableHead() {
  return (
    <div role="rowgroup" className="sticky top-0 z-20 bg-surface">
      <div
        role="row"
        aria-rowindex={1}
        className={`${columns} h-8 border-line border-b text-ink-3 text-small`}
      >
        <ColumnHead>Status</ColumnHead>
        <ColumnHead>Run</ColumnHead>
        <ColumnHead className={wideOnly}>Workflow</ColumnHead>
        <ColumnHead className="max-[600px]:sr-only">Why, or what it waits for</ColumnHead>
        <ColumnHead className={wideOnly}>Labels</ColumnHead>
        <ColumnHead className={`text-right ${mediumOnly}`}>Started</ColumnHead>
        <ColumnHead className={`text-right ${notNarrow}`}>Duration</ColumnHead>
      </div>
    </div>
  );
}
