import type { z } from "zod";
import { requireRun } from "../commands/existing-run.ts";
import { submit } from "../commands/submit.ts";
import type { Context } from "../context.ts";
import { whichTimer } from "../inputs.ts";
import type { ActionView } from "../views.ts";

export const CancelTimer = whichTimer;

/** Of a wait for a signal: it has no time-out any more. Of a job: it is cancelled, which its code is told, as long as it still waits for that. Of a sleep it is refused. */
export async function cancelTimer(context: Context, input: z.infer<typeof CancelTimer>): Promise<ActionView> {
  const { runId, kind, id, attempt, reason, actionId = context.newId() } = input;
  requireRun(context, runId);
  const base = { commandId: actionId, runId, action: { actionId, actor: context.actor, reason } };
  if (kind === "backOff" || kind === "deadline")
    return submit(context, {
      verb: "cancelJob",
      actionId,
      reason,
      jobId: id,
      command: {
        type: "CancelJob",
        ...base,
        jobId: id,
        // What was a back-off when it was looked at may be an attempt at work.
        onlyWhile: kind === "backOff" ? "backingOff" : "inFlight",
        ...(attempt !== undefined && { attempt }),
      },
    });
  return submit(context, {
    verb: "liftTimeout",
    actionId,
    reason,
    timerId: id,
    command: { type: "LiftTimeout", ...base, timerId: id },
  });
}
