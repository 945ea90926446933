import { position } from "@downbeat/message-log";
import type { ColdIgnored, ColdIgnoredQuery } from "../port/cold-ignored.ts";
import { partsOf } from "./period.ts";
import { completeTo, type Found, type Question } from "./question.ts";
import { type Cursors, foldSegments } from "./segment-fold.ts";
import {
  compareSpots,
  type PlacedSegment,
  type PlacedSpot,
  segmentsOf,
  segmentsStatement,
  spotsOf,
  spotsStatement,
} from "./segment-rows.ts";
import { throughout } from "./stretches.ts";

/**
 * The log stays where it is: a statement tells its segments (see `segment-fold.ts`), the accept rule is applied to their heads here, and the places of
 * those that are left out are asked for.
 *
 * What the log took before `asOf` may lie behind what it took after, so it is gone through as far as that can be.
 */
export async function ignoredRecords(
  { asOf, log }: ColdIgnoredQuery,
  question: Question,
  through = throughout,
): Promise<Found<ColdIgnored>> {
  let cursors: Cursors = new Map();
  const ignored: PlacedSpot[] = [];
  await through(asOf + question.skewMs, question, async (stretch, execute) => {
    const parts = await partsOf(stretch, log.partitions, question);
    const { rows } = await execute(segmentsStatement(question.address, parts, stretch, cursors));
    const folded = foldSegments(cursors, segmentsOf(rows));
    const spots = await spotsIn(folded.leftOut, { asOf, log }, question);
    cursors = folded.cursors;
    for (const spot of spots) ignored.push(spot);
  });
  ignored.sort((a, b) => a.partition - b.partition || compareSpots(a.spot, b.spot));
  return {
    value: ignored.map(({ partition, spot: [ledger, entry, batchIndex] }) => ({
      partition,
      // The connector says 0 of a message by itself too, and takes both for the same.
      position: position(ledger, entry, batchIndex === 0 ? -1 : batchIndex),
    })),
    completeTo: completeTo(question, asOf),
    isComplete: true,
  };
}

/** Most are of one record, whose place is known. */
async function spotsIn(
  segments: readonly PlacedSegment[],
  { asOf, log }: ColdIgnoredQuery,
  question: Question,
): Promise<PlacedSpot[]> {
  const isOne = ({ first, last }: PlacedSegment): boolean => compareSpots(first, last) === 0;
  const spots = segments
    .filter((segment) => isOne(segment) && segment.firstAt < asOf)
    .map(({ partition, first }) => ({ partition, spot: first }));
  const longer = segments.filter((segment) => !isOne(segment));
  if (longer.length === 0) return spots;
  const times = longer.flatMap(({ firstAt, lastAt }) => [firstAt, lastAt]);
  const period = { from: least(times), to: greatest(times) };
  const parts = await partsOf(period, log.partitions, question);
  const { rows } = await question.execute(spotsStatement(question.address, parts, longer, asOf));
  return [...spots, ...spotsOf(rows)];
}

function least(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

function greatest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
}
