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
      {Array.from({ length: 16 }, (_, row) => (
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
