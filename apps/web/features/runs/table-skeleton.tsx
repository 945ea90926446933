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
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of a skeleton have nothing else
        <div key={row} className={`${columns} border-line border-b`} style={{ height: rowHeight }}>
          {widths.map((width, column) => (
            <div
              key={width}
              className={`skeleton h-3 max-w-full ${narrows[column] ?? ""}`}
              style={{ width: width * (0.7 + ((row * 7 + column * 3) % 4) / 10) }}
            />
          ))}
        </div>
      ))}
    </div>
  );
}
