import type { Trend } from "@downbeat/api/views";
import { formatDuration } from "../../lib/duration.ts";
import { formatCount } from "../../lib/number.ts";

/** How many were new in all that a trend shows, and how many in its busiest part: what its bars say to those who don't see them. */
export function trendWords({ bucketMs, counts }: Trend): string {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const over = formatDuration(bucketMs * counts.length);
  if (total === 0) return `Nothing new in the last ${over}`;
  const most = Math.max(...counts);
  return `${formatCount(total)} new in the last ${over}, at most ${formatCount(most)} in ${formatDuration(bucketMs)}`;
}
