import { latestTime, type Postponement } from "@downbeat/domain";
import type { z } from "zod";
import { ApiError } from "../api-error.ts";
import { requireRun } from "../commands/existing-run.ts";
import { submit } from "../commands/submit.ts";
import type { Context } from "../context.ts";
import { duration, time, whichTimer } from "../inputs.ts";
import type { ActionView } from "../views.ts";

export const PostponeTimer = whichTimer
  .extend({
    /** To this moment. */
    until: time.max(latestTime).optional(),
    /** By so much, ms, after the moment at which it is due now. */
    byMs: duration.optional(),
  })
  .refine(({ until, byMs }) => (until === undefined) !== (byMs === undefined), {
    error: "say until when, or by how long, and not both",
  });

/** Has it be due at another moment. */
export async function postponeTimer(
  context: Context,
  input: z.infer<typeof PostponeTimer>,
): Promise<ActionView> {
  const { runId, kind, id, attempt, until, byMs, reason, actionId = context.newId() } = input;
  requireRun(context, runId);
  if (kind === "deadline")
    throw new ApiError(
      "badInput",
      "A job's deadline can't be postponed: its worker got it with the attempt, and enforces it too. Change the job type's time-outs for future attempts.",
    );
  const base = { commandId: actionId, runId, action: { actionId, actor: context.actor, reason } };
  // When it is due only the run itself knows for sure: it may be news to the read model, or from before it.
  const postponement: Postponement = {
    ...(until !== undefined && { until }),
    ...(byMs !== undefined && { byMs }),
  };
  const common = { actionId, reason };
  if (kind === "backOff")
    return submit(context, {
      ...common,
      verb: "postponeRetry",
      jobId: id,
      command: {
        type: "PostponeRetry",
        ...base,
        jobId: id,
        ...(attempt !== undefined && { attempt }),
        ...postponement,
      },
    });
  return submit(context, {
    ...common,
    verb: "postponeTimer",
    timerId: id,
    command: { type: "PostponeTimer", ...base, timerId: id, ...postponement },
  });
}
