import { z } from "zod";
import { requireRun } from "../commands/existing-run.ts";
import { submit } from "../commands/submit.ts";
import type { Context } from "../context.ts";
import { actionId, askedRunId, reason } from "../inputs.ts";
import type { ActionView } from "../views.ts";

export const ResumeRun = z.object({ runId: askedRunId, reason, actionId: actionId.optional() });

/** Has the code of a stuck run asked again, after it was mended. */
export async function resumeRun(context: Context, input: z.infer<typeof ResumeRun>): Promise<ActionView> {
  const { runId, reason, actionId = context.newId() } = input;
  requireRun(context, runId);
  const action = { actionId, actor: context.actor, reason };
  const command = { type: "ResumeRun", commandId: actionId, runId, action } as const;
  return submit(context, { verb: "resumeRun", actionId, reason, command });
}
