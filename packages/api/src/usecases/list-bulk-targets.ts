import { messageWithCause } from "@downbeat/domain";
import { z } from "zod";
import { actedOn, actionIdOf } from "../bulk/act.ts";
import { foldTargets } from "../bulk/fold-bulk.ts";
import { bulkOutcomes } from "../bulk/letters.ts";
import type { BulkTarget } from "../bulk/order.ts";
import { requireBulk } from "../bulk/require-bulk.ts";
import type { Context } from "../context.ts";
import { freshnessNow } from "../freshness.ts";
import { askedRunId, limit } from "../inputs.ts";
import type { ActionOutcome, BulkOutcome, BulkTargetList, BulkTargetView, BulkVerb } from "../views.ts";

export const ListBulkTargets = z.object({
  bulkId: askedRunId,
  outcome: z.enum(["waiting", ...bulkOutcomes]).optional(),
  /** Number of the target to begin with. */
  cursor: z
    .number()
    .int()
    .min(0)
    .nullish()
    .transform((value) => value ?? 0),
  limit: limit(500, 100),
});

/** Targets in the order in which they are acted on, each with what came of it. */
export async function listBulkTargets(
  context: Context,
  { bulkId, outcome, cursor, limit }: z.infer<typeof ListBulkTargets>,
): Promise<BulkTargetList> {
  const { run, input } = await requireBulk(context, bulkId);
  const { targets, outcomes } = foldTargets(run);
  const all = targets.map((target, number) => ({ target, number, outcome: outcomes[number] ?? "waiting" }));
  const asked = outcome === undefined ? all : all.filter((one) => one.outcome === outcome);
  const rest = asked.filter(({ number }) => number >= cursor);
  const next = rest[limit]?.number;
  const { verb } = input.order;
  return {
    targets: rest.slice(0, limit).map((one) => shown(context, { bulkId, verb }, one)),
    ...(next !== undefined && { next }),
    count: asked.length,
    freshness: freshnessNow(context),
  };
}

function shown(
  { readModel }: Context,
  { bulkId, verb }: { readonly bulkId: string; readonly verb: BulkVerb },
  { target, number, outcome }: { target: BulkTarget; number: number; outcome: BulkOutcome },
): BulkTargetView {
  const [runId, jobId] = target;
  const aim = { bulkId, number, target, order: { verb } };
  const action = outcome === "waiting" ? undefined : readModel.action(actedOn(aim), actionIdOf(aim));
  const message =
    wordsOf(action?.outcome) ?? (outcome === "refused" ? "It could not be asked for." : undefined);
  return {
    number,
    runId,
    ...(jobId !== undefined && { jobId }),
    outcome,
    ...(message !== undefined && { message }),
    ...(verb === "runAgain" && outcome !== "waiting" && { startedRunId: actedOn(aim) }),
  };
}

function wordsOf(outcome: ActionOutcome | undefined): string | undefined {
  if (outcome?.type === "refused") return outcome.message;
  return outcome?.type === "failedAgain" ? messageWithCause(outcome.failure) : undefined;
}
