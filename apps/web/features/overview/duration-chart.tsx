"use client";

import type { OverviewBucket } from "@downbeat/api/views";
import { useMemo } from "react";
import { formatDuration } from "@/lib/duration.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { BucketChart, type Series } from "./bucket-chart.tsx";
import { durationScale, lineParts } from "./chart-scale.ts";

interface DurationChartProps {
  readonly buckets: readonly OverviewBucket[];
  readonly bucketMs: number;
  readonly workflow: string | undefined;
  /** Instead of its own. */
  readonly title?: string | undefined;
}

const lines = [
  { key: "p50", name: "median", swatch: "bg-running", stroke: "stroke-running" },
  { key: "p95", name: "95 %", swatch: "bg-waiting", stroke: "stroke-waiting" },
  { key: "p99", name: "99 %", swatch: "bg-bar-ended", stroke: "stroke-bar-ended" },
] as const;

/** How long the completed runs took. A bucket opens the runs that completed in it. */
export function DurationChart({ buckets, bucketMs, workflow, title }: DurationChartProps) {
  const routes = useRoutes();
  const values = buckets.flatMap(({ p50, p95, p99 }) => [p50, p95, p99].filter((each) => each !== undefined));
  const series = useMemo<readonly Series[]>(
    () =>
      lines.map(({ key, name, swatch }) => ({
        name,
        swatch,
        format: formatDuration,
        value: (index) => buckets[index]?.[key],
      })),
    [buckets],
  );
  return (
    <BucketChart
      title={title ?? "Time to complete"}
      unit=""
      periods={buckets}
      bucketMs={bucketMs}
      scale={durationScale(values)}
      formatTick={(value) => formatDuration(value).replace(/\.0+ /, " ")}
      series={series}
      hrefOf={(index) => {
        const { at = 0, to = at } = buckets[index] ?? {};
        return routes.runs({
          status: ["completed"],
          by: "ended",
          range: { type: "between", from: at, to },
          workflow,
        });
      }}
    >
      {({ x, y, bucketWidth }) =>
        lines.toReversed().map(({ key, stroke }) =>
          lineParts(buckets.map((bucket) => bucket[key])).map((part) => {
            const points = part.map(({ index, value }) => `${x(index) + bucketWidth / 2},${y(value)}`);
            // A single value has no line: a short one marks it.
            const [only] = part;
            if (part.length === 1 && only !== undefined) points.unshift(`${x(only.index)},${y(only.value)}`);
            return (
              <polyline
                key={`${key} ${only?.index}`}
                points={points.join(" ")}
                className={`fill-none ${stroke}`}
                strokeWidth={1.75}
                strokeLinejoin="round"
                strokeLinecap="round"
              />
            );
          }),
        )
      }
    </BucketChart>
  );
}
