import { type Told, whyNoWorker } from "@downbeat/read-model";
import { z } from "zod";
import { unknownRun } from "../api-error.ts";
import type { Context } from "../context.ts";
import { findEvents, notFoundElsewhere } from "../events-elsewhere.ts";
import { freshnessOf } from "../freshness.ts";
import { askedRunId, seq } from "../inputs.ts";
import { revealEnd } from "../masking/reveals.ts";
import type { ShownRunView } from "../views.ts";

export const GetRun = z.object({ runId: askedRunId, sinceSeq: seq.optional() });

export async function getRun(context: Context, input: z.infer<typeof GetRun>): Promise<ShownRunView> {
  const began = performance.now();
  const { runId, sinceSeq } = input;
  const { origin, missing } = await findEvents(context, runId);
  const run = context.readModel.run(runId, sinceSeq);
  if (run === undefined)
    throw missing === undefined
      ? unknownRun(runId, context.readModel.removed(runId))
      : notFoundElsewhere(runId, missing);
  // Of a run that is set aside no attempt is on its way, whatever it was asked for.
  const why = run.damaged === undefined ? await noWorker(context, runId) : undefined;
  return {
    ...run,
    ...(why !== undefined && { why: why.text, whyTimes: why.times }),
    ...(missing !== undefined && { missing }),
    ...maskedOf(context, runId),
    freshness: freshnessOf(context, began, origin),
  };
}

function maskedOf(context: Context, runId: string): Pick<ShownRunView, "masked"> {
  if (!context.masking.masks(runId)) return {};
  const until = revealEnd(context, runId);
  return { masked: until === undefined ? {} : { until } };
}

/** An attempt is normally taken within milliseconds; one that is not may wait for a worker that isn't there. */
const notTakenAfterMs = 2_000;

async function noWorker({ readModel, waits, now }: Context, runId: string): Promise<Told | undefined> {
  const untaken = readModel.untakenJob(runId, now() - notTakenAfterMs);
  if (untaken === undefined) return undefined;
  const isServed = await waits.isServed(untaken.jobType);
  return isServed === false ? whyNoWorker(untaken.jobType, untaken.since, now()) : undefined;
}
