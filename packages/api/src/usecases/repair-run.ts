import { z } from "zod";
import { ApiError } from "../api-error.ts";
import { whyAsked } from "../approvals/submit-or-ask.ts";
import { requireRun } from "../commands/existing-run.ts";
import { submit } from "../commands/submit.ts";
import type { Context } from "../context.ts";
import { actionId, askedRunId, reason } from "../inputs.ts";
import type { ActionView } from "../views.ts";

export const RepairRun = z.object({
  runId: askedRunId,
  /** `cut`: it goes on at its last good event. `closed`: it ends. */
  outcome: z.enum(["cut", "closed"]),
  reason,
  actionId: actionId.optional(),
});

/**
 * Has a run that is set aside go on at its last good event, or end.
 *
 * @throws ApiError where it would end it, and that needs a second person: terminating it can be asked for, and ends it by the same repair
 */
export async function repairRun(context: Context, input: z.infer<typeof RepairRun>): Promise<ActionView> {
  const { runId, outcome, reason, actionId = context.newId() } = input;
  requireRun(context, runId);
  const isDone = context.readModel.action(runId, actionId) !== undefined;
  const why = outcome === "closed" && !isDone ? whyAsked(context, "terminateRun") : undefined;
  if (why !== undefined)
    throw new ApiError(
      "badInput",
      `${why} Closing a run as its repair would end it as well: terminate it instead (downbeat runs terminate), which is asked for.`,
    );
  const action = { actionId, actor: context.actor, reason };
  const command = { type: "RepairRun", commandId: actionId, runId, action, outcome } as const;
  return submit(context, { verb: "repairRun", actionId, reason, command });
}
