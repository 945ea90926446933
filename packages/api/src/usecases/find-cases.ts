import { z } from "zod";
import type { Context } from "../context.ts";
import { freshnessOf } from "../freshness.ts";
import type { CaseMatches } from "../views.ts";
import { listRuns } from "./list-runs.ts";

export const FindCases = z.object({ text: z.string().trim().min(1).max(200) });

const mostFound = 20;
/** Each takes a step along the index, some 10 µs. */
const mostKeys = 200;

/** By the id of a run, or by the value of any of its labels, case ignored; where nothing is called so, what begins so. */
export async function findCases(context: Context, { text }: z.infer<typeof FindCases>): Promise<CaseMatches> {
  const began = performance.now();
  const { readModel } = context;
  const called = readModel.runsCalledSo({ value: text, limit: mostFound, mostKeys });
  const { keysLeftOut } = called;
  const exact = [...readModel.summaries([text]), ...called.runs];
  if (exact.length > 0) {
    const runs = [...new Map(exact.map((run) => [run.runId, run])).values()];
    runs.sort((one, other) => other.startedAt - one.startedAt);
    return { runs, isExact: true, keysLeftOut, freshness: freshnessOf(context, began) };
  }
  const { runs, freshness } = await listRuns(context, {
    filter: { text },
    cursor: undefined,
    limit: mostFound,
  });
  return { runs, isExact: false, keysLeftOut, freshness };
}
