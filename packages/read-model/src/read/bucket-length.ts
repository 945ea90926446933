import { spans } from "../write/figures.ts";

const mostBuckets = 1_500;
/** Days of other zones than UTC are put together from hours, or from minutes. */
const mostZonedBuckets = 400;
/** Roll-ups read for the buckets. */
const mostRows = 5_000;

interface Asked {
  readonly from: number;
  readonly to: number;
  readonly bucketMs?: number | undefined;
  readonly timeZone?: string | undefined;
}

/** The asked length, or a fitting one; a whole multiple of a roll-up, and not too many buckets. */
export function bucketLength({ from, to, bucketMs, timeZone = "UTC" }: Asked): number {
  const range = Math.max(1, to - from);
  const wanted = bucketMs ?? niceLengths.find((length) => range / length <= 120) ?? 86_400_000;
  const readable = spans.find((span) => range / span <= mostRows) ?? spans[2];
  const base = Math.max(wanted, readable, range / (timeZone === "UTC" ? mostBuckets : mostZonedBuckets));
  const span = spans.findLast((candidate) => candidate <= base) ?? spans[0];
  return Math.ceil(base / span) * span;
}

const niceLengths = [60_000, 300_000, 900_000, 3_600_000, 10_800_000, 21_600_000, 86_400_000];
