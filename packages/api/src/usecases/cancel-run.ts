import { z } from "zod";
import { requireRun } from "../commands/existing-run.ts";
import { submit } from "../commands/submit.ts";
import type { Context } from "../context.ts";
import { actionId, askedRunId, reason } from "../inputs.ts";
import type { ActionView } from "../views.ts";

export const CancelRun = z.object({ runId: askedRunId, reason, actionId: actionId.optional() });

/** Asks the run to end: its compensations run. */
export async function cancelRun(context: Context, input: z.infer<typeof CancelRun>): Promise<ActionView> {
  const { runId, reason, actionId = context.newId() } = input;
  requireRun(context, runId);
  const action = { actionId, actor: context.actor, reason };
  const command = { type: "CancelRun", commandId: actionId, runId, action } as const;
  return submit(context, { verb: "cancelRun", actionId, reason, command });
}
