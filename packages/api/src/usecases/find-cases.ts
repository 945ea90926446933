import { foldedLabel } from "@downbeat/domain";
import { z } from "zod";
import type { Context } from "../context.ts";
import type { CaseMatches, RunSummary } from "../views.ts";
import { listRuns } from "./list-runs.ts";

export const FindCases = z.object({ text: z.string().trim().min(1).max(200) });

const mostFound = 20;
/** A filter has room for so many. */
const mostKeys = 20;

/** By the id of a run, or by the value of any of its labels, case ignored; where nothing is called so, what begins so. */
export async function findCases(context: Context, { text }: z.infer<typeof FindCases>): Promise<CaseMatches> {
  const { readModel } = context;
  const keys = readModel.suggestLabels({ limit: mostKeys });
  const conditions = keys.map((key) => ({ key, test: "is" as const, value: text }));
  const byLabel =
    conditions.length === 0
      ? []
      : (await listRuns(context, { filter: { where: [conditions] }, cursor: undefined, limit: mostFound }))
          .runs;
  const similar = await listRuns(context, { filter: { text }, cursor: undefined, limit: mostFound });
  const all = [...readModel.summaries([text]), ...byLabel, ...similar.runs];
  const runs = [...new Map(all.map((run) => [run.runId, run])).values()];
  const exact = runs.filter((run) => isCalled(run, text));
  return {
    runs: exact.length > 0 ? exact : runs.slice(0, mostFound),
    isExact: exact.length > 0,
    freshness: similar.freshness,
  };
}

function isCalled({ runId, labels }: RunSummary, text: string): boolean {
  const wanted = foldedLabel(text);
  return runId === text || Object.values(labels).some((value) => foldedLabel(value) === wanted);
}
