import { z } from "zod";
import { boundsOf, historyTable, type LogPart } from "./history-table.ts";
import type { Question } from "./question.ts";
import { joined, sql } from "./sql.ts";

const partitionRow = z.tuple([z.number().int(), z.number().int()]);

/** How long after a period a record is looked for that ends the reading of its partition, ms: at first nearby, so that little is read beyond it. */
const lookAheadMs: readonly number[] = [5_000, 600_000, 7 * 86_400_000];

/**
 * The parts of the log with everything that it took in a period. The connector leaves out the last record of each partition before an upper bound, so a
 * bound is good where a record is seen that lies between the period and the bound; a partition that was silent then is read to its end, which its
 * silence makes short.
 *
 * @param to absent: to the end of the log
 */
export async function partsOf(
  { from, to }: { readonly from?: number | undefined; readonly to?: number | undefined },
  partitions: number,
  question: Question,
): Promise<LogPart[]> {
  // The connector leaves out some records of the very ms that a lower bound names. And a period that begins after its end holds nothing, which a range that
  // is none does not say.
  const start = from === undefined ? {} : { from: Math.min(from, to ?? from) - question.skewMs - 1 };
  if (to === undefined || to + question.skewMs >= question.now) return [start];
  const after = to + question.skewMs;
  let silent = Array.from({ length: partitions }, (_, partition) => partition);
  const parts: LogPart[] = [];
  for (const ahead of lookAheadMs) {
    if (silent.length === 0) break;
    const bound = after + ahead;
    const bounds = joined(boundsOf({ partitions: silent, from: after, to: bound }), " AND ");
    const { rows } = await question.execute(
      sql`SELECT h.__partition__, count(*) FROM ${historyTable(question.address)} h WHERE ${bounds} GROUP BY 1`,
    );
    const seen = new Set(rows.map((row) => partitionRow.parse(row)[0]));
    const bounded = silent.filter((partition) => seen.has(partition));
    if (bounded.length > 0) parts.push({ ...start, to: bound, partitions: bounded });
    silent = silent.filter((partition) => !seen.has(partition));
  }
  if (silent.length > 0) parts.push({ ...start, partitions: silent });
  return parts;
}
