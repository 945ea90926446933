import type { ActionView } from "@downbeat/api/views";
import type { Client } from "@/trpc/client.ts";

const longestWaitMs = 8_000;

/** Until history knows what came of the action, or for as long as one may look at a button. */
export async function awaitOutcome(client: Client, action: ActionView): Promise<ActionView> {
  const { runId, actionId } = action;
  if (action.outcome.type !== "pending") return action;
  return client.actions.outcome.query({ runId, actionId, waitMs: longestWaitMs });
}
