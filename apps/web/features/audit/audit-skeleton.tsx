import { SkeletonRows } from "@/components/skeleton-rows.tsx";
import { useMedia } from "@/lib/use-media.ts";
import { AuditHead } from "./audit-head.tsx";
import { columns, narrow, notNarrow, rowHeightIn, wideOnly } from "./columns.ts";

const widths = [56, 100, 110, 160, 60, 180, 80];
const narrows = ["", "", "", notNarrow, "", wideOnly, wideOnly];

/** The shape of what comes. */
export function AuditSkeleton() {
  const rowHeight = rowHeightIn(useMedia(narrow));
  return (
    <div aria-busy="true" role="status" aria-label="Loading the audit">
      <AuditHead />
      <SkeletonRows count={12} height={rowHeight} columns={columns} widths={widths} narrows={narrows} />
    </div>
  );
}
