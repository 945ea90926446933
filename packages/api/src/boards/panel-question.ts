import type { BoardDefinition, BoardPanel } from "@downbeat/protocol";
import type { Context } from "../context.ts";
import { bucketFor, rangePresets } from "../figure-words/index.ts";

/** As the map of durations has them. */
const mostBuckets = 48;

/** The period that a panel shows, in the buckets in which its page shows it: figures are of whole buckets. */
export function askedFor(
  { now }: Pick<Context, "now">,
  panel: BoardPanel,
  board: Pick<BoardDefinition, "period">,
) {
  const own = "period" in panel ? panel.period : undefined;
  const { ms } = rangePresets[own ?? board.period];
  const to = now();
  const bucketMs = panel.kind === "breakDown" ? bucketFor(ms, mostBuckets) : bucketFor(ms);
  return { period: { range: { from: to - ms, to }, bucketMs } };
}
