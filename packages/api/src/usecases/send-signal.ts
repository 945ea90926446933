import { z } from "zod";
import { refuseBuiltIn } from "../bulk/refuse-built-in.ts";
import { requireRun } from "../commands/existing-run.ts";
import { givenToRun } from "../commands/given-to-run.ts";
import { submit } from "../commands/submit.ts";
import type { Context } from "../context.ts";
import { actionId, askedRunId, payload } from "../inputs.ts";
import type { ActionView } from "../views.ts";

export const SendSignal = z.object({
  runId: askedRunId,
  name: z.string().min(1).max(200),
  payload: payload.default("null"),
  /** A signal with an id that the run has had is the same signal. */
  signalId: actionId.optional(),
  actionId: actionId.optional(),
});

export async function sendSignal(context: Context, input: z.infer<typeof SendSignal>): Promise<ActionView> {
  const { runId, name } = input;
  requireRun(context, runId);
  refuseBuiltIn(context, runId);
  const payload = givenToRun(context, runId, input.payload);
  const id = input.actionId ?? input.signalId ?? context.newId();
  return submit(context, {
    verb: "sendSignal",
    actionId: id,
    reason: "",
    command: {
      type: "SendSignal",
      commandId: id,
      runId,
      signalId: input.signalId ?? id,
      name,
      payload,
      actor: context.actor,
    },
  });
}
