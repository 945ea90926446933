import { isEncrypted } from "@downbeat/domain";
import { z } from "zod";
import { refuseBuiltIn } from "../bulk/refuse-built-in.ts";
import { requireRun } from "../commands/existing-run.ts";
import { asItIs, type Came, type Given, inputOf } from "../commands/given-to-run.ts";
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
export async function retryJob(
  context: Context,
  input: z.infer<typeof RetryJob>,
  came?: Came,
): Promise<ActionView> {
  const { runId, jobId, reason, actionId = context.newId() } = input;
  requireRun(context, runId);
  if (input.input !== undefined) refuseBuiltIn(context, runId);
  const json = input.input;
  const edited = json === undefined ? undefined : await editedInput(context, { runId, jobId, json, came });
  const action = { actionId, actor: context.actor, reason };
  const command = { type: "RetryJob", commandId: actionId, runId, jobId, action } as const;
  return submit(context, {
    verb: "retryJob",
    actionId,
    reason,
    jobId,
    command: { ...command, ...(edited !== undefined && { input: edited.sealed }) },
    asked: { ...command, ...(edited !== undefined && { input: edited.plain }) },
  });
}

interface Edited {
  readonly runId: string;
  readonly jobId: string;
  readonly json: string;
  readonly came: Came | undefined;
}

async function editedInput(context: Context, { runId, jobId, json, came }: Edited): Promise<Given> {
  const { readModel, masking } = context;
  const ofRun = await inputOf(context, runId);
  const row = readModel.run(runId)?.rows.find((each) => each.rowId === jobId);
  const job = row?.kind === "job" ? row : undefined;
  const plain = masking.restored(
    json,
    job && { runId, json: job.input, of: { of: "jobInput", jobType: job.jobType } },
  );
  const like = job !== undefined && isEncrypted(job.input) ? job.input : ofRun;
  const stands = asItIs(came) ?? job?.input;
  return { plain, sealed: masking.payloads.given(plain, { like, asItIs: stands }) };
}
