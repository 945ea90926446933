import type { Trend } from "@downbeat/api/views";
import { clsx } from "clsx";
import { trendWords } from "./trend-words.ts";

interface SparklineProps {
  readonly trend: Trend;
  readonly width: number;
  readonly height: number;
  readonly className?: string;
}

const gap = 1;

/** A bar a bucket, the last one is now. What was nothing is a gap on a line, so that one sees that it was looked at. */
export function Sparkline({ trend, width, height, className }: SparklineProps) {
  const { counts, from, bucketMs } = trend;
  const most = Math.max(1, ...counts);
  const step = width / counts.length;
  const bars = counts.map((count, index) => ({ count, at: from + index * bucketMs, x: index * step }));
  return (
    <svg
      role="img"
      aria-label={trendWords(trend)}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      className={clsx("shrink-0", className)}
    >
      <title>{trendWords(trend)}</title>
      <rect x={0} y={height - 1} width={width} height={1} className="fill-line-strong" />
      {bars.map(({ count, at, x }) => {
        if (count === 0) return null;
        // One among a thousand is still one.
        const size = Math.max(2, (count / most) * (height - 1));
        return (
          <rect
            key={at}
            x={x}
            y={height - 1 - size}
            width={Math.max(1, step - gap)}
            height={size}
            className="fill-stuck"
          />
        );
      })}
    </svg>
  );
}
