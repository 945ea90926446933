import { payloadProblem } from "@downbeat/domain";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import { letThrough } from "../approvals/approved-command.ts";
import { requestIdOf, submitOrAsk, whyAsked } from "../approvals/submit-or-ask.ts";
import { bulkIdOf } from "../bulk/act.ts";
import { bulkWorkflow } from "../bulk/built-in.ts";
import { refuseForEncrypted } from "../bulk/given-in-bulk.ts";
import { type BulkInput, type BulkTarget, bulkOrder } from "../bulk/order.ts";
import { requireSteering } from "../bulk/require-steering.ts";
import { allTargets } from "../bulk/targets.ts";
import { submit } from "../commands/submit.ts";
import type { Context } from "../context.ts";
import { actionId, time } from "../inputs.ts";
import type { ActionView } from "../views.ts";
import { sizeProblem } from "./preview-bulk.ts";

/** A hundred ids of runs and jobs. */
const mostPartBytes = 65_000;

export const StartBulk = z.object({
  order: bulkOrder,
  /** Of the preview that was looked at: what came later is not acted on. Default: now. */
  asOf: time.optional(),
  actionId: actionId.optional(),
});

/** Starts the run that acts on all of them; the answer's `runId` names it. The same action id again is the same bulk action. */
export async function startBulk(
  context: Context,
  { order, actionId = context.newId(), ...asked }: z.infer<typeof StartBulk>,
): Promise<ActionView> {
  const asOf = Math.min(asked.asOf ?? context.now(), context.now());
  requireSteering(context, order.verb);
  const { output = "", signal } = order;
  for (const given of [output, signal?.payload ?? ""]) context.masking.restored(given, undefined);
  const runId = bulkIdOf(actionId);
  let targets: readonly BulkTarget[] | undefined;
  const { rule } = context.approvals;
  if (!context.readModel.exists(runId)) {
    if (rule !== undefined && !context.feed.freshness().live)
      throw new ApiError(
        "unavailable",
        "The server has not read all of the log yet, so it can’t say how many this acts on, nor whether it needs a second person: try again in a moment.",
      );
    targets = await allTargets(context, { order, asOf });
    const problem = sizeProblem(targets.length);
    if (problem !== undefined) throw new ApiError("badInput", problem);
    await refuseForEncrypted(context, order, targets);
  }
  const isAsked = targets !== undefined && whyAsked(context, order.verb, targets.length) !== undefined;
  const input = JSON.stringify({
    order,
    asOf,
    ...(isAsked && { request: requestIdOf(actionId) }),
    ...(!isAsked && rule?.bulkAbove !== undefined && { atMost: rule.bulkAbove }),
  } satisfies BulkInput);
  const carried = JSON.stringify([output, signal?.payload ?? "", order.reason]);
  const tooLarge =
    payloadProblem("What is asked for", input) ??
    // Each part repeats it, beside a hundred targets.
    payloadProblem("What each of them is given", carried + " ".repeat(mostPartBytes));
  if (tooLarge !== undefined) throw new ApiError("badInput", tooLarge);
  const command = {
    type: "StartRun",
    commandId: actionId,
    runId,
    workflow: bulkWorkflow,
    input,
    labels: { bulk: order.verb, ...(order.about !== "" && { about: order.about }) },
    startedBy: context.actor,
  } as const;
  const submission = { verb: "startRun", actionId, reason: order.reason, command } as const;
  if (isAsked && targets !== undefined)
    return submitOrAsk(context, { ...submission, intent: order.verb, targets });
  return submit(context, { ...submission, command: letThrough(context, command), asked: command });
}
