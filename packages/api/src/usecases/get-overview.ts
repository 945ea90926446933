import { z } from "zod";
import type { Context } from "../context.ts";
import { freshnessOf } from "../freshness.ts";
import { time } from "../inputs.ts";
import type { JobTypeFigures, Overview } from "../views.ts";

export const GetOverview = z
  .object({
    from: time,
    to: time,
    bucketMs: z.number().int().min(60_000).max(31_536_000_000).optional(),
    workflow: z.string().max(100).optional(),
  })
  .refine(({ from, to }) => to > from, "`to` must be later than `from`");

export async function getOverview(context: Context, input: z.infer<typeof GetOverview>): Promise<Overview> {
  const began = performance.now();
  const { readModel, jobTopics, earlier, actor, waits } = context;
  const missing = earlier?.figures.want(input, actor);
  const figures = readModel.overview(input);
  const withWorkers = async (job: JobTypeFigures): Promise<JobTypeFigures> => {
    const topic = await jobTopics.figures(job.jobType);
    return topic === undefined ? job : { ...job, workers: topic.workers };
  };
  const [byJobType, causes] = await Promise.all([
    Promise.all(figures.byJobType.map(withWorkers)),
    waits.causes(),
  ]);
  return {
    ...figures,
    byJobType,
    waits: readModel.waitGroups(causes, input.workflow),
    ...(missing !== undefined && { missing }),
    freshness: freshnessOf(context, began),
  };
}
