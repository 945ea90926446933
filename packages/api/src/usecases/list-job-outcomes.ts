import { failureKinds } from "@downbeat/domain";
import { jobOutcomes } from "@downbeat/read-model";
import { z } from "zod";
import type { Context } from "../context.ts";
import { freshnessNow } from "../freshness.ts";
import { cursor, limit, time } from "../inputs.ts";
import type { JobOutcomeList } from "../views.ts";

const jobType = z.string().max(100);

export const ListJobOutcomes = z.object({
  of: z.union([
    z.strictObject({ what: z.enum(jobOutcomes), jobType: jobType.optional() }),
    // An empty job type: of no job, but of the code of runs.
    z.strictObject({ error: z.string().max(500), kind: z.enum(failureKinds), jobType: jobType.optional() }),
  ]),
  workflow: z.string().max(100).optional(),
  from: time.optional(),
  to: time.optional(),
  cursor,
  limit: limit(500, 50),
});

/** The rows behind a figure of jobs or of errors. */
export function listJobOutcomes(
  { readModel, feed, earlier, cursors }: Context,
  input: z.infer<typeof ListJobOutcomes>,
): JobOutcomeList {
  const page = cursors.page(input, (query) => readModel.jobOutcomes(query));
  return { ...page, freshness: freshnessNow({ feed, earlier }) };
}
