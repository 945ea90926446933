import { SkeletonRows } from "@/components/skeleton-rows.tsx";
import { useMedia } from "@/lib/use-media.ts";
import { columns, narrow, notNarrow, rowHeightIn, wideOnly } from "./columns.ts";
import { OwedTableHead } from "./owed-table-head.tsx";

const widths = [56, 110, 90, 220, 160, 60];
const narrows = ["", "", "", notNarrow, wideOnly, ""];

/** The shape of what comes. */
export function OwedSkeleton() {
  const rowHeight = rowHeightIn(useMedia(narrow));
  return (
    <div aria-busy="true" role="status" aria-label="Loading what is owed">
      <OwedTableHead hasAmount={false} />
      <SkeletonRows count={12} height={rowHeight} columns={columns} widths={widths} narrows={narrows} />
    </div>
  );
}
