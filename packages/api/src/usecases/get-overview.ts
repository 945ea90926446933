import { z } from "zod";
import { setAsideOf } from "../causes/shared-causes.ts";
import type { Context } from "../context.ts";
import { freshnessOf } from "../freshness.ts";
import { time, timeZone } from "../inputs.ts";
import type { ComparedWith, JobTypeFigures, Overview } from "../views.ts";

export const GetOverview = z
  .object({
    from: time,
    to: time,
    bucketMs: z.number().int().min(60_000).max(31_536_000_000).optional(),
    workflow: z.string().max(100).optional(),
    timeZone: timeZone.optional(),
    compare: z.enum(["before", "week"] as const satisfies ComparedWith[]).optional(),
  })
  .refine(({ from, to }) => to > from, "`to` must be later than `from`");

export async function getOverview(context: Context, input: z.infer<typeof GetOverview>): Promise<Overview> {
  const began = performance.now();
  const { readModel, feed, jobTopics, earlier, actor, waits, causeMarks, causesInShort } = context;
  const [causes, marks] = await Promise.all([waits.causes(), causeMarks.forLooking()]);
  // Nothing is waited for between the two.
  const figures = readModel.overview({ ...input, completeTo: feed.freshness().completeTo });
  const inShort = causesInShort.of(input.workflow, causes, marks);
  const setAside = setAsideOf(figures.open.stuck, inShort);
  const [first] = figures.buckets;
  const counted = { from: first?.at ?? input.from, to: figures.buckets.at(-1)?.to ?? input.to };
  const missing = earlier?.figures.want(counted, actor);
  const { comparison } = figures;
  const missingBefore =
    missing === undefined && comparison !== undefined
      ? earlier?.figures.want(comparison.earlier, actor)
      : undefined;
  const withWorkers = async (job: JobTypeFigures): Promise<JobTypeFigures> => {
    const topic = await jobTopics.figures(job.jobType);
    return topic === undefined ? job : { ...job, workers: topic.workers };
  };
  const byJobType = await Promise.all(figures.byJobType.map(withWorkers));
  return {
    ...figures,
    byJobType,
    open: { ...figures.open, ...(setAside > 0 && { setAside }) },
    waits: inShort.waits,
    ...(comparison !== undefined &&
      missingBefore !== undefined && { comparison: { ...comparison, missing: missingBefore } }),
    ...(missing !== undefined && { missing }),
    freshness: freshnessOf(context, began),
  };
}
