import { z } from "zod";
import { requireRun } from "../commands/existing-run.ts";
import { submit } from "../commands/submit.ts";
import type { Context } from "../context.ts";
import { actionId, askedRunId, localId, reason, seenAttempt } from "../inputs.ts";
import type { ActionView } from "../views.ts";

export const RunJobNow = z.object({
  runId: askedRunId,
  jobId: localId,
  attempt: seenAttempt,
  reason,
  actionId: actionId.optional(),
});

/** Ends the back-off: the next attempt is made at once. */
export async function runJobNow(context: Context, input: z.infer<typeof RunJobNow>): Promise<ActionView> {
  const { runId, jobId, attempt, reason, actionId = context.newId() } = input;
  requireRun(context, runId);
  const action = { actionId, actor: context.actor, reason };
  return submit(context, {
    verb: "runJobNow",
    actionId,
    reason,
    jobId,
    command: {
      type: "RunJobNow",
      commandId: actionId,
      runId,
      jobId,
      ...(attempt !== undefined && { attempt }),
      action,
    },
  });
}
