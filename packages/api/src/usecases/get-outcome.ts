import { z } from "zod";
import { ApiError } from "../api-error.ts";
import { awaitOutcome } from "../commands/await-outcome.ts";
import type { Context } from "../context.ts";
import { actionId, askedRunId } from "../inputs.ts";
import type { ActionView } from "../views.ts";

/** Below what proxies allow a request without an answer. */
const longestWaitMs = 20_000;

export const GetOutcome = z.object({
  runId: askedRunId,
  actionId,
  /** How long to wait for more to come of it, ms. */
  waitMs: z.number().int().min(0).max(longestWaitMs).default(0),
  until: z.enum(["known", "settled"]).default("known"),
});

/** What came of an action so far. */
export async function getOutcome(
  context: Context,
  { runId, actionId, waitMs, until }: z.infer<typeof GetOutcome>,
): Promise<ActionView> {
  const { readModel, sent } = context;
  // What is lost has nothing to wait for.
  const early = readModel.action(runId, actionId) ?? (await sent.stateOf({ runId, actionId }));
  if (early?.outcome.type === "lost") return early;
  const come = await awaitOutcome(context, runId, actionId, { until, ms: waitMs });
  if (come !== undefined) sent.answered(come);
  const action = come ?? (await sent.stateOf({ runId, actionId }));
  if (action !== undefined) return action;
  throw new ApiError(
    "notFound",
    `History holds no action ${actionId} on run ${runId} so far. It may be on its way, or it was never sent.`,
  );
}
