import { z } from "zod";
import { unknownRun } from "../api-error.ts";
import type { Context } from "../context.ts";
import { askedRunId, limit, seq } from "../inputs.ts";
import type { EventPage } from "../views.ts";

export const ListEvents = z.object({
  runId: askedRunId,
  afterSeq: seq.default(0),
  limit: limit(2_000, 200),
  types: z.array(z.string().max(60)).max(50).optional(),
});

export function listEvents({ readModel, feed }: Context, input: z.infer<typeof ListEvents>): EventPage {
  const { runId, ...range } = input;
  const page = readModel.events(runId, range);
  if (page === undefined) throw unknownRun(runId);
  return { ...page, freshness: feed.freshness() };
}
