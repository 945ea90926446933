import { z } from "zod";
import { requireRun } from "../commands/existing-run.ts";
import { submit } from "../commands/submit.ts";
import type { Context } from "../context.ts";
import { actionId, askedRunId, localId, reason, seenAttempt } from "../inputs.ts";
import type { ActionView } from "../views.ts";

export const CancelJob = z.object({
  runId: askedRunId,
  jobId: localId,
  /** Only if its newest attempt is still this one; counts with `onlyWhile`. */
  attempt: seenAttempt,
  /** Only as long as it waits for its next attempt, or one is under way. */
  onlyWhile: z.enum(["backingOff", "inFlight"]).optional(),
  reason,
  actionId: actionId.optional(),
});

/** Takes a job away from its run: the workflow code sees it as cancelled. */
export async function cancelJob(context: Context, input: z.infer<typeof CancelJob>): Promise<ActionView> {
  const { runId, jobId, attempt, onlyWhile, reason, actionId = context.newId() } = input;
  requireRun(context, runId);
  const action = { actionId, actor: context.actor, reason };
  return submit(context, {
    verb: "cancelJob",
    actionId,
    reason,
    jobId,
    command: {
      type: "CancelJob",
      commandId: actionId,
      runId,
      jobId,
      action,
      ...(attempt !== undefined && { attempt }),
      ...(onlyWhile !== undefined && { onlyWhile }),
    },
  });
}
