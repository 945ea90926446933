import { ColdError } from "../port/cold-error.ts";
import type { Executed, Most } from "./execute.ts";
import { boundsOf, historyTable } from "./history-table.ts";
import type { Question } from "./question.ts";
import { joined, type Sql, sql } from "./sql.ts";

/** A piece of the log by time, ms since the epoch. */
export interface Stretch {
  /** Inclusive. Absent: from the beginning. */
  readonly from: number | undefined;
  /** Exclusive. */
  readonly to: number;
}

/**
 * Takes one stretch. What is too much for one query is noticed by `execute`, which then throws; the stretch is taken again in shorter ones, so nothing of
 * it may have been kept.
 */
export type TakeStretch = (stretch: Stretch, execute: (statement: Sql) => Promise<Executed>) => Promise<void>;

/** A stretch so short is taken whatever it holds. */
const shortestMs = 60_000;
const dayMs = 86_400_000;

/**
 * Goes through all that the log took before a time, in order, though it be too long for one query: at once where it is short enough, else in stretches that
 * get shorter where there is much and longer where there is little.
 */
export async function throughout(to: number, question: Question, take: TakeStretch): Promise<void> {
  const { mostRecords } = question;
  if ((await tryStretch({ from: undefined, to }, { read: mostRecords }, question, take)) !== undefined)
    return;
  const beginning = await beforeFirst(to, question);
  let from: number | undefined;
  let length = Math.ceil((to - beginning) / 4);
  while (from === undefined || from < to) {
    const end = Math.min(to, (from ?? beginning) + length);
    const most = length > shortestMs ? { read: mostRecords } : {};
    const read = await tryStretch({ from, to: end }, most, question, take);
    if (read === undefined) {
      length = Math.max(shortestMs, Math.ceil(length / 4));
      continue;
    }
    from = end;
    if (read < mostRecords / 4) length *= 2;
  }
}

/** How many records were read, or `undefined` where that was too much. */
async function tryStretch(
  stretch: Stretch,
  most: Most,
  question: Question,
  take: TakeStretch,
): Promise<number | undefined> {
  let read = 0;
  try {
    await take(stretch, async (statement) => {
      const executed = await question.execute(statement, most);
      if (executed.isCut) throw new TooLong();
      read = Math.max(read, executed.read.rows);
      return executed;
    });
    return read;
  } catch (error) {
    const isTimeout = error instanceof ColdError && error.code === "timeout" && most.read !== undefined;
    if (error instanceof TooLong || isTimeout) return undefined;
    throw error;
  }
}

class TooLong extends Error {}

/** A time before which the log took next to nothing. */
async function beforeFirst(to: number, question: Question): Promise<number> {
  for (let back = dayMs; back < to; back *= 4) {
    const bounds = joined(boundsOf({ to: to - back }), " AND ");
    const { rows } = await question.execute(
      sql`SELECT 1 FROM ${historyTable(question.address)} h WHERE ${bounds} LIMIT 1`,
    );
    if (rows.length === 0) return to - back;
  }
  return 0;
}
