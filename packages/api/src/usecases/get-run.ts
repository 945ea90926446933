import { z } from "zod";
import { unknownRun } from "../api-error.ts";
import type { Context } from "../context.ts";
import { askedRunId, seq } from "../inputs.ts";
import type { RunView } from "../views.ts";

export const GetRun = z.object({ runId: askedRunId, sinceSeq: seq.optional() });

export function getRun({ readModel, feed }: Context, input: z.infer<typeof GetRun>): RunView {
  const run = readModel.run(input.runId, input.sinceSeq);
  if (run === undefined) throw unknownRun(input.runId);
  return { ...run, freshness: feed.freshness() };
}
