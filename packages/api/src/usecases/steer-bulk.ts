import { z } from "zod";
import { steerSignal } from "../bulk/built-in.ts";
import { requireBulk } from "../bulk/require-bulk.ts";
import { requireSteering } from "../bulk/require-steering.ts";
import { submit } from "../commands/submit.ts";
import type { Context } from "../context.ts";
import { actionId, askedRunId } from "../inputs.ts";
import type { ActionView } from "../views.ts";

export const SteerBulk = z.object({ bulkId: askedRunId, actionId: actionId.optional() });

/** What is under way comes to its end; then the bulk action waits, goes on, or ends. */
export async function steerBulk(
  context: Context,
  to: "pause" | "resume" | "stop",
  { bulkId, actionId = context.newId() }: z.infer<typeof SteerBulk>,
): Promise<ActionView> {
  const { order } = (await requireBulk(context, bulkId)).input;
  requireSteering(context, order.verb);
  return submit(context, {
    verb: "sendSignal",
    actionId,
    reason: "",
    command: {
      type: "SendSignal",
      commandId: actionId,
      runId: bulkId,
      signalId: actionId,
      name: steerSignal,
      payload: JSON.stringify(to),
      actor: context.actor,
    },
  });
}
