import type { KnownLog } from "@downbeat/read-model";
import { emptyFold, foldStep, lastSeq, type RunFold, type Step } from "@downbeat/read-model/rules";
import { decisionsIn, type LogPart } from "./history-table.ts";
import type { Question } from "./question.ts";
import type { Candidate } from "./run-groups.ts";
import { joined, type Sql, sql, texts } from "./sql.ts";
import { stepColumns, stepsByRun, unbroken } from "./step-rows.ts";

export interface WholeRuns {
  readonly folds: ReadonlyMap<string, RunFold>;
  /** What they are folded from. */
  readonly steps: ReadonlyMap<string, readonly Step[]>;
  /** Runs whose beginning is not in the log any more. */
  readonly broken: number;
}

type Wanted = Pick<Candidate, "runId" | "partition" | "seq">;

/** How much further back beginnings are looked for, ms, when the parts don't hold them. */
const lookBacks: readonly number[] = [0, 86_400_000, Number.POSITIVE_INFINITY];

/** The runs, folded from all of their events. */
export async function wholeRuns(
  wanted: readonly Candidate[],
  parts: readonly LogPart[],
  where: Sql,
  log: KnownLog,
  question: Question,
): Promise<WholeRuns> {
  const found = await wholeSteps(wanted, parts, where, log, question);
  const folds = new Map<string, RunFold>();
  const steps = new Map<string, readonly Step[]>();
  for (const { runId, partition } of wanted) {
    const all = found.get(runId);
    if (all === undefined) continue;
    const whole = unbroken(all);
    steps.set(runId, whole);
    folds.set(runId, folded(runId, partition, whole));
  }
  return { folds, steps, broken: wanted.length - folds.size };
}

/**
 * The steps of the runs that are whole, in order, what is there twice included: one query as a rule, more when runs began before the parts that are read.
 */
export async function wholeSteps(
  wanted: readonly Wanted[],
  parts: readonly LogPart[],
  where: Sql,
  log: KnownLog,
  question: Question,
): Promise<ReadonlyMap<string, readonly Step[]>> {
  const whole = new Map<string, readonly Step[]>();
  let missing = wanted;
  for (const lookBack of lookBacks) {
    if (missing.length === 0) break;
    const isOne = sql`d.runid IN (SELECT id FROM UNNEST(${texts(missing.map(({ runId }) => runId))}) AS w (id))`;
    const conditions = joined([isOne, ...(where.text === "" ? [] : [where])], " AND ");
    const further = parts.map((part) => earlier(part, lookBack));
    const decisions = decisionsIn(question.address, further, log, conditions);
    const { rows } = await question.execute(stepColumns(decisions));
    const found = stepsByRun(rows);
    for (const { runId, seq } of missing) {
      const steps = found.get(runId) ?? [];
      if (lastSeq(unbroken(steps)) >= seq) whole.set(runId, steps);
    }
    missing = missing.filter(({ runId }) => !whole.has(runId));
  }
  return whole;
}

function earlier({ from, ...part }: LogPart, lookBack: number): LogPart {
  return from === undefined || !Number.isFinite(lookBack) ? part : { ...part, from: from - lookBack };
}

function folded(runId: string, partition: number, steps: readonly Step[]): RunFold {
  const fold = emptyFold(runId, partition);
  for (const step of steps) foldStep(fold, step);
  return fold;
}
