import type { OverviewBucket } from "@downbeat/api/views";
import Link from "next/link";
import { formatClock } from "@/lib/absolute-time.ts";
import { formatDuration } from "@/lib/duration.ts";
import { routes } from "@/routes.ts";

const height = 120;

/** Ended runs per bucket, completed below failed. Each bar opens the runs that started in its time. */
export function Bars({ buckets, bucketMs }: { buckets: readonly OverviewBucket[]; bucketMs: number }) {
  const most = Math.max(
    1,
    ...buckets.map(({ completed, failed, cancelled }) => completed + failed + cancelled),
  );
  return (
    <figure>
      <figcaption className="mb-2 text-ink-2">
        Ended runs per {formatDuration(bucketMs)} (highest {most}):{" "}
        <span className="text-completed">completed</span>, <span className="text-failed">failed</span>,{" "}
        <span className="text-ink-3">cancelled</span>
      </figcaption>
      <ol className="flex items-end gap-px border-line border-b" style={{ height }}>
        {buckets.map((bucket) => {
          const part = (count: number) => `${Math.round((count / most) * height)}px`;
          const words = `${formatClock(bucket.at)}: ${bucket.started} started, ${bucket.completed} completed, ${bucket.failed} failed, ${bucket.cancelled} cancelled`;
          return (
            <li key={bucket.at} className="min-w-0 flex-1">
              <Link
                href={routes.runs({ range: { type: "between", from: bucket.at, to: bucket.at + bucketMs } })}
                title={words}
                aria-label={words}
                className="flex h-full flex-col justify-end hover:bg-hover"
                style={{ height }}
              >
                <span className="bg-ink-3" style={{ height: part(bucket.cancelled) }} />
                <span className="bg-failed" style={{ height: part(bucket.failed) }} />
                <span className="bg-completed" style={{ height: part(bucket.completed) }} />
              </Link>
            </li>
          );
        })}
      </ol>
      <div className="flex justify-between pt-1 text-ink-3 text-small">
        <span>{buckets[0] === undefined ? "" : formatClock(buckets[0].at)}</span>
        <span>now</span>
      </div>
    </figure>
  );
}
