import { z } from "zod";
import { submitOrAsk } from "../approvals/submit-or-ask.ts";
import { requireRun } from "../commands/existing-run.ts";
import type { Context } from "../context.ts";
import { actionId, askedRunId, reason } from "../inputs.ts";
import type { ActionView } from "../views.ts";

export const TerminateRun = z.object({ runId: askedRunId, reason, actionId: actionId.optional() });

/** Ends the run at once: nothing is undone. */
export async function terminateRun(
  context: Context,
  input: z.infer<typeof TerminateRun>,
): Promise<ActionView> {
  const { runId, reason, actionId = context.newId() } = input;
  requireRun(context, runId);
  const action = { actionId, actor: context.actor, reason };
  const command = { type: "TerminateRun", commandId: actionId, runId, action } as const;
  return submitOrAsk(context, { intent: "terminateRun", verb: "terminateRun", actionId, reason, command });
}
