const minute = 60_000;
const hour = 60 * minute;

/** Periods that move along with now. */
export const rangePresets = {
  "15m": { label: "Last 15 minutes", ms: 15 * minute },
  "1h": { label: "Last hour", ms: hour },
  "6h": { label: "Last 6 hours", ms: 6 * hour },
  "24h": { label: "Last 24 hours", ms: 24 * hour },
  "7d": { label: "Last 7 days", ms: 7 * 24 * hour },
  "30d": { label: "Last 30 days", ms: 30 * 24 * hour },
  "90d": { label: "Last 90 days", ms: 90 * 24 * hour },
} as const;

const bucketSizes = [
  10_000,
  30_000,
  minute,
  5 * minute,
  15 * minute,
  30 * minute,
  hour,
  3 * hour,
  6 * hour,
  12 * hour,
  24 * hour,
];

/** The smallest round bucket that keeps a chart under `most` bars. */
export function bucketFor(spanMs: number, most = 72, least = minute): number {
  const fitting = bucketSizes.find((size) => size >= least && spanMs / size <= most);
  return fitting ?? Math.ceil(spanMs / most / (24 * hour)) * 24 * hour;
}
