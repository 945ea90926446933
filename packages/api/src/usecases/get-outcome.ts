import { z } from "zod";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { actionId, askedRunId } from "../inputs.ts";
import type { ActionView } from "../views.ts";

export const GetOutcome = z.object({ runId: askedRunId, actionId });

/** What came of an action so far. One that history does not hold may be on its way, or was never sent: the server can't tell. */
export function getOutcome(
  { readModel }: Context,
  { runId, actionId }: z.infer<typeof GetOutcome>,
): ActionView {
  const action = readModel.action(runId, actionId);
  if (action !== undefined) return action;
  throw new ApiError("notFound", `History holds no action ${actionId} on run ${runId} so far.`);
}
