import type { RunCommand } from "@downbeat/domain";
import type { z } from "zod";
import { requireRun } from "../commands/existing-run.ts";
import { submit } from "../commands/submit.ts";
import type { Context } from "../context.ts";
import { whichTimer } from "../inputs.ts";
import type { ActionVerb, ActionView } from "../views.ts";

export const FireTimer = whichTimer;

/** Has happen at once what time would bring: a sleep is over, a wait ends without its signal, an attempt is made, or fails as by its time-out. */
export async function fireTimer(context: Context, input: z.infer<typeof FireTimer>): Promise<ActionView> {
  const { runId, kind, id, attempt, reason, actionId = context.newId() } = input;
  requireRun(context, runId);
  const base = { commandId: actionId, runId, action: { actionId, actor: context.actor, reason } };
  const seen = { jobId: id, ...(attempt !== undefined && { attempt }) };
  const submitted = (verb: ActionVerb, command: RunCommand) =>
    submit(context, { verb, actionId, reason, command, ...partOf(command) });
  switch (kind) {
    case "sleep":
    case "signal":
      return submitted("fireTimer", { type: "FireTimerNow", ...base, timerId: id });
    case "backOff":
      return submitted("runJobNow", { type: "RunJobNow", ...base, ...seen });
    case "deadline":
      return submitted("timeOutJob", { type: "TimeOutJob", ...base, ...seen });
  }
}

/** What of the run the command is about. */
function partOf(command: RunCommand): { readonly jobId?: string; readonly timerId?: string } {
  if ("timerId" in command) return { timerId: command.timerId };
  return "jobId" in command ? { jobId: command.jobId } : {};
}
