import { z } from "zod";
import { unknownRun } from "../api-error.ts";
import type { Context } from "../context.ts";
import { findEvents, notFoundElsewhere } from "../events-elsewhere.ts";
import { freshnessOf } from "../freshness.ts";
import { askedRunId, limit, seq } from "../inputs.ts";
import type { EventPage } from "../views.ts";

export const ListEvents = z.object({
  runId: askedRunId,
  afterSeq: seq.default(0),
  limit: limit(2_000, 200),
  types: z.array(z.string().max(60)).max(50).optional(),
});

export async function listEvents(context: Context, input: z.infer<typeof ListEvents>): Promise<EventPage> {
  const began = performance.now();
  const { runId, ...range } = input;
  const { origin, missing } = await findEvents(context, runId);
  const page = context.readModel.events(runId, range);
  if (page === undefined)
    throw missing === undefined
      ? unknownRun(runId, context.readModel.removed(runId))
      : notFoundElsewhere(runId, missing);
  return {
    ...page,
    ...(missing !== undefined && { missing }),
    freshness: freshnessOf(context, began, origin),
  };
}
