import { SkeletonRows } from "@/components/skeleton-rows.tsx";
import { useMedia } from "@/lib/use-media.ts";
import { columns, narrow, notNarrow, rowHeightIn, wideOnly } from "./columns.ts";
import { TimerTableHead } from "./timer-table-head.tsx";

const widths = [56, 130, 300, 150, 80, 72];
const narrows = ["", wideOnly, "", notNarrow, wideOnly, ""];

/** The shape of what comes. */
export function TimerSkeleton() {
  const rowHeight = rowHeightIn(useMedia(narrow));
  return (
    <div aria-busy="true" role="status" aria-label="Loading the timers">
      <TimerTableHead />
      <SkeletonRows count={16} height={rowHeight} columns={columns} widths={widths} narrows={narrows} />
    </div>
  );
}
