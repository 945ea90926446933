import { setImmediate } from "node:timers/promises";
import { z } from "zod";
import { whyAsked } from "../approvals/submit-or-ask.ts";
import { bulkSelection, bulkVerb, isOfJobs, mostTargets } from "../bulk/order.ts";
import { requireSteering } from "../bulk/require-steering.ts";
import { allTargets } from "../bulk/targets.ts";
import { whyRefused } from "../bulk/why-refused.ts";
import type { Context } from "../context.ts";
import type { BulkPreview, BulkVerb } from "../views.ts";

export const PreviewBulk = z.object({ verb: bulkVerb, selection: bulkSelection });

const mostShown = 10;
/** Of more targets nobody waits to hear what each would answer. */
const mostLookedAt = 2_000;
/** Others have their turn between so many. */
const lookedAtOnce = 50;

/** What a bulk action would act on now, exactly, and what of that would refuse. */
export async function previewBulk(
  context: Context,
  order: z.infer<typeof PreviewBulk>,
): Promise<BulkPreview> {
  const { verb } = order;
  requireSteering(context, verb);
  const { readModel, now } = context;
  const asOf = now();
  const targets = await allTargets(context, { order, asOf });
  const refusals = new Map<string, { count: number; example: string }>();
  const first: BulkPreview["first"][number][] = [];
  const lookedAt = targets.slice(0, mostLookedAt);
  for (const [index, [runId, jobId]] of lookedAt.entries()) {
    if (index % lookedAtOnce === 0) {
      await setImmediate();
      context.signal?.throwIfAborted();
    }
    const [run] = readModel.summaries([runId]);
    const open = isOfJobs(verb) ? readModel.openJobs({ runId, limit: 500 }).jobs : [];
    const why = whyRefused(
      verb,
      run,
      open.find((job) => job.jobId === jobId),
    );
    if (why !== undefined) {
      const { count, example } = refusals.get(why) ?? { count: 0, example: runId };
      refusals.set(why, { count: count + 1, example });
    } else if (first.length < mostShown) first.push({ runId, ...(jobId !== undefined && { jobId }) });
  }
  return {
    count: targets.length,
    refusals: [...refusals].map(([why, found]) => ({ why, ...found })),
    first,
    ...(lookedAt.length < targets.length && { lookedAt: lookedAt.length }),
    asOf,
    ...needsTwo(context, verb, targets.length),
    ...notBefore(context, order),
    ...problemWith(targets.length),
  };
}

function needsTwo(context: Context, verb: BulkVerb, count: number): Pick<BulkPreview, "needsTwo"> {
  const why = whyAsked(context, verb, count);
  return why === undefined ? {} : { needsTwo: why };
}

/** Targets are found in the read model alone, which may begin later than the log does. */
function notBefore(
  { readModel }: Context,
  { selection }: z.infer<typeof PreviewBulk>,
): Pick<BulkPreview, "notBefore"> {
  const beginning = selection.type === "runs" ? readModel.beginning() : undefined;
  if (beginning === undefined || selection.type !== "runs") return {};
  return (selection.filter.from ?? 0) < beginning.at ? { notBefore: beginning.at } : {};
}

function problemWith(count: number): Pick<BulkPreview, "problem"> {
  const problem = sizeProblem(count);
  return problem === undefined ? {} : { problem };
}

/** Why so many can't be acted on at once, in a sentence. */
export function sizeProblem(count: number): string | undefined {
  if (count === 0) return "Nothing is left to act on.";
  if (count <= mostTargets) return undefined;
  return `More than ${mostTargets.toLocaleString("en")} targets can’t be acted on at once: choose fewer, for example one workflow or a shorter period.`;
}
