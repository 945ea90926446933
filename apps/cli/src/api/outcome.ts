import type { ActionView } from "@downbeat/api/views";
import { failureWords } from "@downbeat/domain";
import { CommandFailure } from "../failure.ts";
import { printJson, printLine } from "../output/print.ts";
import type { Api } from "./client.ts";

const pollMs = 250;

/** Asks again until it is known what came of the action, or the time is up. */
export async function awaitOutcome(api: Api, action: ActionView, seconds: number): Promise<ActionView> {
  const until = Date.now() + seconds * 1_000;
  let latest = action;
  while ((latest.outcome.type === "pending" || latest.outcome.type === "inProgress") && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, pollMs));
    const { runId, actionId } = action;
    // Not found means: not in history yet.
    latest = await api.actions.outcome.query({ runId, actionId }).catch(() => latest);
  }
  return latest;
}

/** Prints what came of it. What did not succeed ends the command with a status that says so. */
export function reportOutcome(action: ActionView, json: boolean, done: string): void {
  if (json) printJson(action);
  const { outcome } = action;
  switch (outcome.type) {
    case "accepted":
    case "recovered":
      if (!json) printLine(outcome.type === "recovered" ? `${done} It has recovered.` : done);
      return;
    case "inProgress":
      if (!json)
        printLine(`${done} Its outcome is not known yet; ask again with: downbeat runs show ${action.runId}`);
      return;
    case "refused":
      throw new CommandFailure("refused", `Refused: ${outcome.message}`);
    case "failedAgain":
      throw new CommandFailure(
        "refused",
        `It was done, but it failed again with ${failureWords(outcome.failure)}`,
      );
    case "pending":
      throw new CommandFailure(
        "unknownOutcome",
        `The engine has not answered yet. Ask again with: downbeat runs show ${action.runId} (action ${action.actionId})`,
      );
  }
}
