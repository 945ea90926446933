import { z } from "zod";
import { boundsOf, historyTable, type LogPart, publishedMs } from "./history-table.ts";
import type { Question } from "./question.ts";
import { joined, sql } from "./sql.ts";

const partitionRow = z.tuple([z.number().int(), z.array(z.number().int())]);

/** How long after a period records are looked for that end the reading of their partition, ms: at first nearby, so that little is read. */
const lookAheadMs: readonly number[] = [5_000, 120_000, 3_600_000, 86_400_000, 30 * 86_400_000];

/**
 * The parts of the log with everything that it took in a period. The connector leaves out the last record of each partition before an upper bound, so a
 * bound is good where a record lies between the period and the bound: that of the second one is, and little is read beyond the period. A partition that was
 * silent then is read to its end, which its silence makes short.
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
      sql`SELECT h.__partition__, min(${publishedMs}, 2) FROM ${historyTable(question.address)} h WHERE ${bounds} GROUP BY 1`,
    );
    const seen = rows.map((row) => partitionRow.parse(row));
    if (seen.length > 0) {
      parts.push({
        ...start,
        // Where one is seen, there is another one that this look itself leaves out.
        to: seen.reduce((latest, [, [, second = bound]]) => Math.max(latest, second), after),
        partitions: seen.map(([partition]) => partition).sort((a, b) => a - b),
      });
    }
    silent = silent.filter((partition) => !seen.some(([one]) => one === partition));
    if (bound >= question.now) break;
  }
  if (silent.length > 0) parts.push({ ...start, partitions: silent });
  return parts;
}
