import type { BreakDown } from "@downbeat/api/views";

/** From the first to the last band that has a run, those between without any included. */
export function bandsWithRuns({ bands, buckets }: Pick<BreakDown, "bands" | "buckets">): readonly number[] {
  const filled = bands.flatMap((_, band) =>
    buckets.some(({ byDuration }) => (byDuration[band] ?? 0) > 0) ? [band] : [],
  );
  const [first, last] = [filled[0], filled.at(-1)];
  if (first === undefined || last === undefined) return [];
  return bands.flatMap((_, band) => (band >= first && band <= last ? [band] : []));
}

const faintest = 0.15;

/** How dark a cell is, 0.15 to 1: by the logarithm, so that one run among thousands is still seen. */
export function depthOf(count: number, most: number): number {
  if (count <= 0) return 0;
  const share = Math.log1p(count) / Math.log1p(Math.max(count, most));
  return faintest + (1 - faintest) * share;
}
