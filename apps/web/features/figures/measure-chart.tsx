"use client";

import { numberWords } from "@downbeat/api/figure-words";
import type { BreakDown, MeasuredBucket } from "@downbeat/api/views";
import type { FiguresParams } from "@/app/[tenant]/[namespace]/figures/search-params.ts";
import type { RunsParams } from "@/app/[tenant]/[namespace]/runs/search-params.ts";
import { formatCompact, formatCount, formatExact } from "@/lib/number.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { BucketChart } from "../overview/bucket-chart.tsx";
import { sumScale } from "../overview/chart-scale.ts";

interface MeasureChartProps {
  readonly breakDown: BreakDown;
  readonly params: FiguresParams;
  readonly filter: Partial<RunsParams>;
  /** Instead of its own. */
  readonly title?: string | undefined;
}

/** Runs by time, or the sum of their number. A bar opens its runs. */
export function MeasureChart({ breakDown, params, filter, title }: MeasureChartProps) {
  const routes = useRoutes();
  const { buckets, bucketMs, freshness } = breakDown;
  const { number } = params;
  // A bar's height is a rounded one; what is said of it is exact.
  const sizeOf = (bucket: MeasuredBucket | undefined): number =>
    bucket === undefined ? 0 : number === undefined ? bucket.runs : Number(bucket.sum ?? "0");
  const sizes = buckets.map(sizeOf);
  const unit = number === undefined ? "runs" : numberWords(number);
  return (
    <BucketChart
      title={title ?? (number === undefined ? `Runs ${params.of}` : `Sum of ${unit}`)}
      unit={unit}
      periods={buckets}
      bucketMs={bucketMs}
      scale={sumScale(Math.min(0, ...sizes), Math.max(0, ...sizes))}
      formatTick={formatCompact}
      series={[
        {
          name: number === undefined ? "runs" : "sum",
          swatch: "bg-accent",
          format: formatCount,
          ...(number !== undefined && {
            words: (index: number) => {
              const sum = buckets[index]?.sum;
              return sum === undefined ? undefined : formatExact(sum);
            },
          }),
          value: (index) => (buckets[index] === undefined ? undefined : sizeOf(buckets[index])),
        },
      ]}
      hrefOf={(index) => {
        const { at = 0, to = at } = buckets[index] ?? {};
        return routes.runs({ ...filter, range: { type: "between", from: at, to } });
      }}
    >
      {({ x, y, bucketWidth }) => {
        const gap = bucketWidth > 5 ? 1 : 0;
        return buckets.map((bucket, index) => {
          const value = sizeOf(bucket);
          if (value === 0) return null;
          const [top, bottom] = [y(Math.max(0, value)), y(Math.min(0, value))];
          return (
            <rect
              key={bucket.at}
              x={x(index) + gap / 2}
              y={top}
              width={Math.max(1, bucketWidth - gap)}
              height={Math.max(1, bottom - top)}
              className="fill-accent"
              // The last still fills: drawn as if it were over, it would look like a drop.
              opacity={bucket.to > freshness.completeTo ? 0.5 : 1}
            />
          );
        });
      }}
    </BucketChart>
  );
}
