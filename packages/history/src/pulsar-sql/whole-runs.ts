import type { KnownLog } from "../cold/known-log.ts";
import { emptyFold, foldStep, type RunFold, type Step } from "../fold/run-fold.ts";
import { decisionsIn, type LogPart } from "./history-table.ts";
import type { Question } from "./question.ts";
import type { Candidate } from "./run-groups.ts";
import { joined, type Sql, sql, texts } from "./sql.ts";
import { lastSeq, stepColumns, stepsByRun, unbroken } from "./step-rows.ts";

export interface WholeRuns {
  readonly folds: ReadonlyMap<string, RunFold>;
  /** Runs whose beginning is not in the log any more. */
  readonly broken: number;
}

/** How much further back beginnings are looked for, ms, when the parts don't hold them. */
const lookBacks: readonly number[] = [0, 86_400_000, Number.POSITIVE_INFINITY];

/** The runs, folded from all of their events: one query as a rule, more when runs began before the parts that are read. */
export async function wholeRuns(
  wanted: readonly Candidate[],
  parts: readonly LogPart[],
  where: Sql,
  log: KnownLog,
  question: Question,
): Promise<WholeRuns> {
  const folds = new Map<string, RunFold>();
  let missing = wanted;
  for (const lookBack of lookBacks) {
    if (missing.length === 0) break;
    const isOne = sql`d.runid IN (SELECT id FROM UNNEST(${texts(missing.map(({ runId }) => runId))}) AS w (id))`;
    const conditions = joined([isOne, ...(where.text === "" ? [] : [where])], " AND ");
    const further = parts.map((part) => earlier(part, lookBack));
    const decisions = decisionsIn(question.address, further, log, conditions);
    const { rows } = await question.execute(stepColumns(decisions));
    const found = stepsByRun(rows);
    for (const { runId, partition, seq } of missing) {
      const steps = unbroken(found.get(runId) ?? []);
      if (lastSeq(steps) >= seq) folds.set(runId, folded(runId, partition, steps));
    }
    missing = missing.filter(({ runId }) => !folds.has(runId));
  }
  return { folds, broken: missing.length };
}

function earlier({ from, ...part }: LogPart, lookBack: number): LogPart {
  return from === undefined || !Number.isFinite(lookBack) ? part : { ...part, from: from - lookBack };
}

function folded(runId: string, partition: number, steps: readonly Step[]): RunFold {
  const fold = emptyFold(runId, partition);
  for (const step of steps) foldStep(fold, step);
  return fold;
}
