import { z } from "zod";
import { steerSignal } from "../bulk/built-in.ts";
import { bulkView } from "../bulk/fold-bulk.ts";
import { requireBulk } from "../bulk/require-bulk.ts";
import { requireSteering } from "../bulk/require-steering.ts";
import { submit } from "../commands/submit.ts";
import type { Context } from "../context.ts";
import { actionId, askedRunId } from "../inputs.ts";
import type { ActionView } from "../views.ts";

export const SteerBulk = z.object({ bulkId: askedRunId, actionId: actionId.optional() });

/** `anyway`: in spite of what it is held for, which whoever asks has seen. */
export const ResumeBulk = SteerBulk.extend({ anyway: z.boolean().default(false) });

/** What is under way comes to its end; then the bulk action waits, goes on, or ends. */
export async function steerBulk(
  context: Context,
  to: "pause" | "resume" | "resumeHeld" | "stop",
  { bulkId, actionId = context.newId() }: z.infer<typeof SteerBulk>,
): Promise<ActionView> {
  const { run, input } = await requireBulk(context, bulkId);
  requireSteering(context, input.order.verb);
  const { state, why = "" } = bulkView(run, input, run.startedBy ?? "");
  if (to === "resume" && state === "held")
    return {
      actionId,
      verb: "sendSignal",
      actor: context.actor,
      reason: "",
      at: context.now(),
      runId: bulkId,
      outcome: {
        type: "refused",
        code: "Unprocessable",
        message: `${bulkId} is held: ${why} To continue anyway, resume it with “anyway” (on the command line: --anyway).`,
      },
    };
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
