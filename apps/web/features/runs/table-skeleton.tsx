import { SkeletonRows } from "@/components/skeleton-rows.tsx";
import { useMedia } from "@/lib/use-media.ts";
import { columns, mediumOnly, notNarrow, ownLine, rowHeightIn, veryNarrow, wideOnly } from "./columns.ts";
import { TableHead } from "./table-head.tsx";

const widths = [64, 150, 72, 280, 160, 56, 48];
const narrows = ["", "", wideOnly, ownLine, wideOnly, mediumOnly, notNarrow];

/** The shape of what comes. */
export function TableSkeleton({ rows = 24 }: { rows?: number }) {
  const rowHeight = rowHeightIn(useMedia(veryNarrow));
  return (
    <div aria-busy="true" role="status" aria-label="Loading the runs">
      <TableHead />
      <SkeletonRows count={rows} height={rowHeight} columns={columns} widths={widths} narrows={narrows} />
    </div>
  );
}
