import { z } from "zod";
import { refuseBuiltIn } from "../bulk/refuse-built-in.ts";
import { requireRun } from "../commands/existing-run.ts";
import { submit } from "../commands/submit.ts";
import type { Context } from "../context.ts";
import { actionId, askedRunId, localId, payload, reason } from "../inputs.ts";
import type { ActionView } from "../views.ts";

export const RetryJob = z.object({
  runId: askedRunId,
  jobId: localId,
  reason,
  input: payload.optional(),
  actionId: actionId.optional(),
});

/** Gives a stuck job a fresh set of attempts, with another input if one is given. */
export async function retryJob(context: Context, input: z.infer<typeof RetryJob>): Promise<ActionView> {
  const { runId, jobId, reason, actionId = context.newId() } = input;
  requireRun(context, runId);
  if (input.input !== undefined) refuseBuiltIn(context, runId);
  const edited = input.input === undefined ? undefined : restoredInput(context, runId, jobId, input.input);
  const action = { actionId, actor: context.actor, reason };
  return submit(context, {
    verb: "retryJob",
    actionId,
    reason,
    jobId,
    command: {
      type: "RetryJob",
      commandId: actionId,
      runId,
      jobId,
      action,
      ...(edited !== undefined && { input: edited }),
    },
  });
}

function restoredInput(
  { readModel, masking }: Context,
  runId: string,
  jobId: string,
  edited: string,
): string {
  const row = readModel.run(runId)?.rows.find((each) => each.rowId === jobId);
  if (row?.kind !== "job") return masking.restored(edited, undefined);
  const { input, jobType } = row;
  const restored = masking.restored(edited, { runId, json: input, of: { of: "jobInput", jobType } });
  return masking.payloads.given(restored, input);
}
