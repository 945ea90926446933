import { z } from "zod";
import type { Context } from "../context.ts";
import { freshnessNow } from "../freshness.ts";
import { askedRunId, cursor, limit } from "../inputs.ts";
import type { OpenJobList } from "../views.ts";

export const ListOpenJobs = z
  .object({
    status: z
      .array(z.enum(["scheduled", "running", "backingOff", "stuck"]))
      .min(1)
      .optional(),
    jobType: z.string().max(100).optional(),
    workflow: z.string().max(100).optional(),
    runId: askedRunId.optional(),
    cursor,
    limit: limit(500, 50),
  })
  .prefault({});

export function listOpenJobs(
  { readModel, feed, earlier, cursors }: Context,
  input: z.infer<typeof ListOpenJobs>,
): OpenJobList {
  const page = cursors.page(input, (query) => readModel.openJobs(query));
  const freshness = freshnessNow({ feed, earlier });
  const isLowerBound = page.countIsLowerBound || freshness.earlier?.openRunsKnown === false;
  return { ...page, countIsLowerBound: isLowerBound, freshness };
}
