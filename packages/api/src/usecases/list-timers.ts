import { timerKinds } from "@downbeat/read-model";
import { z } from "zod";
import type { Context } from "../context.ts";
import { freshnessNow } from "../freshness.ts";
import { askedRunId, cursor, limit, time } from "../inputs.ts";
import type { TimerList } from "../views.ts";

export const ListTimers = z
  .object({
    kind: z.array(z.enum(timerKinds)).min(1).max(4).optional(),
    workflow: z.string().max(100).optional(),
    jobType: z.string().max(100).optional(),
    runId: askedRunId.optional(),
    from: time.optional(),
    to: time.optional(),
    cursor,
    limit: limit(500, 50),
  })
  .prefault({});

export function listTimers(
  { readModel, feed, earlier, cursors }: Context,
  input: z.infer<typeof ListTimers>,
): TimerList {
  const page = cursors.page(input, (query) => readModel.timers(query));
  const freshness = freshnessNow({ feed, earlier });
  const countIsLowerBound = page.countIsLowerBound || freshness.earlier?.openRunsKnown === false;
  return { ...page, countIsLowerBound, freshness };
}
