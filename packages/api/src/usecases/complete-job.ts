import { z } from "zod";
import { submitOrAsk } from "../approvals/submit-or-ask.ts";
import { refuseBuiltIn } from "../bulk/refuse-built-in.ts";
import { requireRun } from "../commands/existing-run.ts";
import { type Came, givenToRun } from "../commands/given-to-run.ts";
import type { Context } from "../context.ts";
import { actionId, askedRunId, localId, payload, reason } from "../inputs.ts";
import type { ActionView } from "../views.ts";

export const CompleteJob = z.object({
  runId: askedRunId,
  jobId: localId,
  reason,
  output: payload,
  actionId: actionId.optional(),
});

/** Gives the job the result it did not come to by itself. */
export async function completeJob(
  context: Context,
  input: z.infer<typeof CompleteJob>,
  came?: Came,
): Promise<ActionView> {
  const { runId, jobId, reason, actionId = context.newId() } = input;
  requireRun(context, runId);
  refuseBuiltIn(context, runId);
  const { plain, sealed } = await givenToRun(context, runId, { json: input.output, came });
  const action = { actionId, actor: context.actor, reason };
  const command = { type: "CompleteJob", commandId: actionId, runId, jobId, action } as const;
  return submitOrAsk(context, {
    intent: "completeJob",
    verb: "completeJob",
    actionId,
    reason,
    jobId,
    command: { ...command, output: sealed },
    asked: { ...command, output: plain },
  });
}
