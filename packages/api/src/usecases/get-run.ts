import { whyNoWorker } from "@downbeat/history";
import { z } from "zod";
import { unknownRun } from "../api-error.ts";
import type { Context } from "../context.ts";
import { askedRunId, seq } from "../inputs.ts";
import type { RunView } from "../views.ts";

export const GetRun = z.object({ runId: askedRunId, sinceSeq: seq.optional() });

export async function getRun(context: Context, input: z.infer<typeof GetRun>): Promise<RunView> {
  const { readModel, feed } = context;
  const run = readModel.run(input.runId, input.sinceSeq);
  if (run === undefined) throw unknownRun(input.runId);
  const why = await noWorker(context, input.runId);
  return { ...run, ...(why !== undefined && { why }), freshness: feed.freshness() };
}

/** An attempt is normally taken within milliseconds; one that is not may wait for a worker that isn't there. */
const notTakenAfterMs = 2_000;

async function noWorker({ readModel, jobTopics, now }: Context, runId: string): Promise<string | undefined> {
  const untaken = readModel.untakenJob(runId, now() - notTakenAfterMs);
  if (untaken === undefined) return undefined;
  const figures = await jobTopics.figures(untaken.jobType);
  return figures?.workers === 0 ? whyNoWorker(untaken.jobType, untaken.since, now()) : undefined;
}
