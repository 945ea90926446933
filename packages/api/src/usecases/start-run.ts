import { hash } from "node:crypto";
import { isEncrypted } from "@downbeat/domain";
import { newRunId } from "@downbeat/protocol";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import { isBuiltIn } from "../bulk/built-in.ts";
import { asItIs, type Came } from "../commands/given-to-run.ts";
import { likeOfStart } from "../commands/like-of-start.ts";
import { submit } from "../commands/submit.ts";
import type { Context } from "../context.ts";
import { actionId, labels, name, payload } from "../inputs.ts";
import type { ActionView } from "../views.ts";

/** From the action's id, so that sending it again starts the same run. */
export function runIdFor(workflow: string, actionId: string): string {
  const plain = newRunId.safeParse(`${workflow}-${actionId}`);
  return plain.success ? plain.data : `${workflow}-${hash("sha256", actionId).slice(0, 32)}`;
}

export const StartRun = z.object({
  workflow: name,
  input: payload,
  runId: newRunId.optional(),
  labels: labels.optional(),
  actionId: actionId.optional(),
});

export async function startRun(
  context: Context,
  input: z.infer<typeof StartRun>,
  came?: Came,
): Promise<ActionView> {
  const { workflow, labels } = input;
  // Who may start runs need not be allowed what a bulk action does.
  if (isBuiltIn(workflow))
    throw new ApiError("badInput", `${workflow} is started by bulk.start, which looks at what it would do.`);
  const { masking } = context;
  masking.restored(JSON.stringify(labels ?? {}), undefined);
  const id = input.actionId ?? context.newId();
  const runId = input.runId ?? runIdFor(workflow, id);
  const plain = masking.restored(input.input, undefined);
  const { like, before } = masking.payloads.hasKeys
    ? await likeOfStart(context, workflow, runId)
    : { like: undefined, before: undefined };
  const sealed = masking.payloads.start(plain, {
    runId,
    labels,
    before,
    like: came !== undefined && isEncrypted(came.payload) ? came.payload : like,
    asItIs: asItIs(came),
  });
  const command = {
    type: "StartRun",
    commandId: id,
    runId,
    workflow,
    ...(labels !== undefined && { labels }),
    startedBy: context.actor,
  } as const;
  return submit(context, {
    verb: "startRun",
    actionId: id,
    reason: "",
    command: { ...command, input: sealed },
    asked: { ...command, input: plain },
  });
}
