import { z } from "zod";
import { requireRun } from "../commands/existing-run.ts";
import { submit } from "../commands/submit.ts";
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
  return submit(context, { verb: "terminateRun", actionId, reason, command });
}
