import { z } from "zod";
import { requireRun } from "../commands/existing-run.ts";
import { submit } from "../commands/submit.ts";
import type { Context } from "../context.ts";
import { actionId, askedRunId, reason } from "../inputs.ts";
import type { ActionView } from "../views.ts";

export const RepairRun = z.object({
  runId: askedRunId,
  /** `cut`: it goes on at its last good event. `closed`: it ends. */
  outcome: z.enum(["cut", "closed"]),
  reason,
  actionId: actionId.optional(),
});

/** Has a run that is set aside go on at its last good event, or end. */
export async function repairRun(context: Context, input: z.infer<typeof RepairRun>): Promise<ActionView> {
  const { runId, outcome, reason, actionId = context.newId() } = input;
  requireRun(context, runId);
  const action = { actionId, actor: context.actor, reason };
  const command = { type: "RepairRun", commandId: actionId, runId, action, outcome } as const;
  return submit(context, { verb: "repairRun", actionId, reason, command });
}
