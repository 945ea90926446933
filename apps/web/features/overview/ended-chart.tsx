"use client";

import type { OverviewBucket } from "@downbeat/api/views";
import { useMemo } from "react";
import { formatCompact, formatCount } from "@/lib/number.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { BucketChart, type Series } from "./bucket-chart.tsx";
import { countScale, lineParts } from "./chart-scale.ts";

interface EndedChartProps {
  readonly buckets: readonly OverviewBucket[];
  readonly bucketMs: number;
  readonly workflow: string | undefined;
  readonly completeTo: number;
  /** Instead of its own. */
  readonly title?: string | undefined;
}

/** How runs ended, stacked, and how many were started, as a line. A bucket opens the runs that ended in it. */
export function EndedChart({ buckets, bucketMs, workflow, completeTo, title }: EndedChartProps) {
  const routes = useRoutes();
  const highest = Math.max(
    0,
    ...buckets.map((each) => Math.max(each.started, each.completed + each.failed + each.cancelled)),
  );
  const series = useMemo<readonly Series[]>(
    () => [
      {
        name: "started",
        swatch: "bg-ink-3 h-0.5!",
        format: formatCount,
        value: (index) => buckets[index]?.started,
      },
      {
        name: "completed",
        swatch: "bg-bar-completed",
        format: formatCount,
        value: (index) => buckets[index]?.completed,
      },
      {
        name: "failed",
        swatch: "bg-bar-failed",
        format: formatCount,
        value: (index) => buckets[index]?.failed,
      },
      {
        name: "cancelled",
        swatch: "bg-bar-ended",
        format: formatCount,
        value: (index) => buckets[index]?.cancelled,
      },
    ],
    [buckets],
  );
  // The last bucket still fills: drawn as if it were over, it would look like a drop.
  const isUnfinished = ({ to }: OverviewBucket) => to > completeTo;
  return (
    <BucketChart
      title={title ?? "Runs ended"}
      unit="runs"
      periods={buckets}
      bucketMs={bucketMs}
      scale={countScale(highest)}
      formatTick={formatCompact}
      series={series}
      hrefOf={(index) => {
        const { at = 0, to = at } = buckets[index] ?? {};
        return routes.runs({
          status: ["completed", "failed", "cancelled", "terminated"],
          by: "ended",
          range: { type: "between", from: at, to },
          workflow,
        });
      }}
    >
      {({ x, y, bucketWidth, base }) => {
        const gap = bucketWidth > 5 ? 1 : 0;
        return (
          <>
            {buckets.map((bucket, index) => {
              const parts = [
                { count: bucket.completed, look: "fill-bar-completed" },
                { count: bucket.failed, look: "fill-bar-failed" },
                { count: bucket.cancelled, look: "fill-bar-ended" },
              ];
              let below = 0;
              return parts.map(({ count, look }) => {
                if (count === 0) return null;
                const upper = y(below + count);
                const lower = below === 0 ? base : y(below);
                below += count;
                return (
                  <rect
                    key={`${bucket.at} ${look}`}
                    x={x(index) + gap / 2}
                    y={upper}
                    width={Math.max(1, bucketWidth - gap)}
                    height={Math.max(1, lower - upper)}
                    className={look}
                    opacity={isUnfinished(bucket) ? 0.5 : 1}
                  />
                );
              });
            })}
            {lineParts(buckets.map((bucket) => (isUnfinished(bucket) ? undefined : bucket.started))).map(
              (part) => (
                <polyline
                  key={part[0]?.index}
                  points={part
                    .map(({ index, value }) => `${x(index) + bucketWidth / 2},${y(value)}`)
                    .join(" ")}
                  className="fill-none stroke-ink-3"
                  strokeWidth={1.5}
                  strokeLinejoin="round"
                />
              ),
            )}
          </>
        );
      }}
    </BucketChart>
  );
}
