import { z } from "zod";
import {
  type ColdOpenRuns,
  type ColdOpenRunsQuery,
  mostOpenRuns,
  type OpenRunPlace,
} from "../port/cold-open-runs.ts";
import { decisionsIn, takenBefore, takenFrom } from "./history-table.ts";
import { partsOf } from "./period.ts";
import { completeTo, type Found, type Question } from "./question.ts";
import { endTypes } from "./run-groups.ts";
import { joined, type Sql, sql } from "./sql.ts";
import { throughout } from "./stretches.ts";

/** Runs of which something is in the stretch, but for those that began and ended in it. */
function straddlersStatement(decisions: Sql): Sql {
  return sql`
    SELECT runid, max(partition), min(published), max(published), min(seq), max(seq + cardinality(events)) - 1,
      bool_or(any_match(transform(events, x -> x.type), ${endTypes})) AS ended
    FROM (${decisions})
    GROUP BY runid
    HAVING min(seq) > 1 OR NOT bool_or(any_match(transform(events, x -> x.type), ${endTypes}))`;
}

const row = z.tuple([
  z.string(),
  z.number().int(),
  z.number().int(),
  z.number().int(),
  z.number().int(),
  z.number().int(),
  z.boolean(),
]);

/** Stretch by stretch: what is open at the end of one is carried on, until it is found to have ended in a later one. */
export async function openRuns(
  { asOf, log }: ColdOpenRunsQuery,
  question: Question,
  through = throughout,
): Promise<Found<ColdOpenRuns>> {
  const open = new Map<string, OpenRunPlace>();
  const orphans = new Set<string>();
  await through(asOf, question, async (stretch, execute) => {
    const { from, to } = stretch;
    const parts = await partsOf(stretch, log.partitions, question);
    const within = from === undefined ? takenBefore(to) : joined([takenFrom(from), takenBefore(to)], " AND ");
    const { rows } = await execute(straddlersStatement(decisionsIn(question.address, parts, log, within)));
    for (const each of rows) {
      const [runId, partition, first, last, firstSeq, seq, hasEnded] = row.parse(each);
      const known = open.get(runId);
      const begun = known?.from ?? (firstSeq === 1 ? first : undefined);
      if (hasEnded) {
        open.delete(runId);
        orphans.delete(runId);
      } else if (begun !== undefined)
        open.set(runId, { runId, partition, from: begun, to: Math.max(last, known?.to ?? 0), seq });
      // In a later stretch it may be a command to a run that has ended before.
      else if (from === undefined) orphans.add(runId);
    }
  });
  const places = [...open.values()].sort((a, b) => a.from - b.from || (a.runId < b.runId ? -1 : 1));
  return {
    value: { places: places.slice(0, mostOpenRuns), hasMore: places.length > mostOpenRuns },
    completeTo: completeTo(question, asOf),
    isComplete: orphans.size === 0,
    ...(orphans.size > 0 && {
      note: `Left out: ${orphans.size.toLocaleString("en")} of them, whose beginning the log does not hold any more.`,
    }),
  };
}
