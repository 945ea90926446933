import { z } from "zod";
import { refuseBuiltIn } from "../bulk/refuse-built-in.ts";
import { requireRun } from "../commands/existing-run.ts";
import { type Came, givenToRun } from "../commands/given-to-run.ts";
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

export async function sendSignal(
  context: Context,
  input: z.infer<typeof SendSignal>,
  came?: Came,
): Promise<ActionView> {
  const { runId, name } = input;
  requireRun(context, runId);
  refuseBuiltIn(context, runId);
  const { plain, sealed } = await givenToRun(context, runId, { json: input.payload, came });
  const id = input.actionId ?? input.signalId ?? context.newId();
  const signalId = input.signalId ?? id;
  const command = { type: "SendSignal", commandId: id, runId, signalId, name, actor: context.actor } as const;
  return submit(context, {
    verb: "sendSignal",
    actionId: id,
    reason: "",
    command: { ...command, payload: sealed },
    asked: { ...command, payload: plain },
  });
}
