import type { ActionView } from "@downbeat/api/views";
import type { Client } from "@/trpc/client.ts";

const longestWaitMs = 8_000;

/** Until history knows what came of the action, or for as long as one may look at a button. */
export async function awaitOutcome(client: Client, action: ActionView): Promise<ActionView> {
  const { runId, actionId } = action;
  const givesUpAt = Date.now() + longestWaitMs;
  let latest = action;
  for (
    let pauseMs = 40;
    latest.outcome.type === "pending" && Date.now() < givesUpAt;
    pauseMs = Math.min(500, pauseMs * 2)
  ) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    latest = await client.actions.outcome.query({ runId, actionId });
  }
  return latest;
}
